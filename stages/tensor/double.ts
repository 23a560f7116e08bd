// Arithmetic of float64 scalars, written once for every kind of scalar: JavaScript's numbers here, and in exchange.ts
// values of a graph or numbers beside TF.js. A time or a step size is such a scalar, whatever the dtype of the arrays.
// Knows nothing about TF.js.

/** Arithmetic on scalars D and truth values B; a plain number may stand for any scalar. */
export interface Doubles<D, B> {
  readonly add: (a: D | number, b: D | number) => D
  readonly sub: (a: D | number, b: D | number) => D
  readonly mul: (a: D | number, b: D | number) => D
  readonly div: (a: D | number, b: D | number) => D
  readonly pow: (a: D | number, b: D | number) => D
  readonly less: (a: D | number, b: D | number) => B
  readonly equal: (a: D | number, b: D | number) => B
  readonly and: (a: B, b: B) => B
  readonly not: (a: B) => B
  /** Both values are computed; one of them is the result. */
  readonly choose: (condition: B, yes: D | number, no: D | number) => D
}

/** The arithmetic of JavaScript. */
export const numbers: Doubles<number, boolean> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  less: (a, b) => a < b,
  equal: (a, b) => a === b,
  and: (a, b) => a && b,
  not: (a) => !a,
  choose: (condition, yes, no) => (condition ? yes : no),
}
