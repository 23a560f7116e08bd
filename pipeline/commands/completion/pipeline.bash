# Asks pipeline itself what may come next, so that it knows the specs, settings, nodes and runs of this folder.
# Behind npx, too. Where pipeline has no answer, bash completes the names of files.
_pipeline() {
  COMPREPLY=()
  local line="${COMP_LINE:0:COMP_POINT}" program=pipeline words cur breaks head=""
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  if [[ "${words[0]}" == npx ]]; then
    [[ "${words[1]}" == pipeline && ${#words[@]} -gt 2 ]] || return
    words=("${words[@]:1}")
  fi
  words=("${words[@]//[\"\']/}")
  cur="${words[-1]}"
  [[ -x node_modules/.bin/pipeline ]] && program=node_modules/.bin/pipeline
  mapfile -t COMPREPLY < <("$program" complete -- "${words[@]:1}" 2> /dev/null | cut -f 1)
  # Outside of quotes bash has only what stands behind the last = or : replaced.
  breaks="${COMP_WORDBREAKS//[^=:]/}"
  [[ -n "$breaks" && "${COMP_WORDS[COMP_CWORD]}" != [\"\']* ]] && head="${cur%"${cur##*[$breaks]}"}"
  COMPREPLY=("${COMPREPLY[@]#"$head"}")
  [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=/] ]] && compopt -o nospace 2> /dev/null
}
complete -o default -F _pipeline pipeline npx
