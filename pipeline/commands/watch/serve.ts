// Serves a folder to a browser on this machine, read-only, in a frame that reloads when `index.html` changes. Sends the
// files byte for byte. Knows nothing about runs, and answers nobody outside of this machine.
import { readFileSync, realpathSync, statSync } from "node:fs"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, sep } from "node:path"
import { Effect, type Scope } from "effect"
import { SpecError } from "../../error.ts"
import { noPageYet, notFound, notHere, portTaken } from "./message.ts"

export interface Serving {
  readonly url: string
  /** Makes every open frame check whether its page has changed. */
  readonly tell: Effect.Effect<void>
}

// In a frame, because the page forbids itself every connection.
const frame = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>pipeline watch</title>
<style>html, body, iframe { width: 100%; height: 100%; margin: 0; border: 0 } iframe { display: block }</style></head>
<body><iframe title="The page"></iframe>
<script>
const page = document.querySelector("iframe")
page.onload = () => { document.title = page.contentDocument.title || document.title }
page.src = "/index.html" + location.hash
let shown
new EventSource("/.changes").onmessage = ({ data }) => {
  if (shown !== undefined && data !== shown) page.contentWindow.location.reload()
  shown = data
}
</script></body></html>
`

const types: { readonly [withExitCode: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
}

/** Serves a folder at a port of 127.0.0.1 until the scope closes; port 0 means any free port. */
export const serve = (folder: string, port: number): Effect.Effect<Serving, SpecError, Scope.Scope> =>
  Effect.gen(function* () {
    const listeners = new Set<ServerResponse>()
    const server = yield* Effect.acquireRelease(
      listen(port, (request, response) => answer(folder, listeners, request, response)),
      (open) =>
        Effect.sync(() => {
          open.close()
          open.closeAllConnections()
        }),
    )
    return {
      url: `http://127.0.0.1:${portOf(server)}/`,
      tell: Effect.sync(() => {
        for (const listener of listeners) listener.write(stampOf(folder))
      }),
    }
  })

const listen = (
  port: number,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Effect.Effect<Server, SpecError> =>
  Effect.callback((resume) => {
    const server = createServer(onRequest)
    server.once("error", (cause) =>
      resume(Effect.fail(new SpecError({ reason: "BadArgument", message: portTaken(port, cause.message) }))),
    )
    server.listen(port, "127.0.0.1", () => resume(Effect.succeed(server)))
  })

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const answer = (
  folder: string,
  listeners: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1")
  const send = (status: number, type: string, body: string | Uint8Array): void => {
    response.writeHead(status, {
      "content-type": type,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    })
    response.end(request.method === "HEAD" ? undefined : body)
  }
  const refuse = (status: number, why: string): void => send(status, "text/plain; charset=utf-8", `${why}\n`)
  // A foreign site may point its own host name at this machine and read the answers.
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? "")) return refuse(403, notHere)
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, notHere)
  if (pathname === "/") return send(200, types[".html"]!, frame)
  if (pathname === "/.changes") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
    response.write(stampOf(folder))
    listeners.add(response)
    response.once("close", () => listeners.delete(response))
    return
  }
  const bytes = bytesOf(folder, pathname)
  if (bytes === undefined) return refuse(404, pathname === "/index.html" ? noPageYet : notFound)
  send(200, types[extname(pathname)] ?? "application/octet-stream", bytes)
}

// A path (also through a link) must not leave the folder.
const bytesOf = (folder: string, pathname: string): Uint8Array | undefined => {
  try {
    const path = realpathSync(join(folder, decodeURIComponent(pathname)))
    return path.startsWith(realpathSync(folder) + sep) ? readFileSync(path) : undefined
  } catch {
    return undefined
  }
}

/** The event that identifies the current page. */
const stampOf = (folder: string): string => {
  const found = statSync(join(folder, "index.html"), { throwIfNoEntry: false })
  return `data: ${found === undefined ? "none" : `${found.ino} ${found.mtimeMs}`}\n\n`
}
