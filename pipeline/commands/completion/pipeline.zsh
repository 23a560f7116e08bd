#compdef pipeline npx
# Asks pipeline itself what may come next, so that it knows the specs, settings, nodes and runs of this folder.
# Behind npx, too. Where pipeline has no answer, zsh completes the names of files.
_pipeline() {
  local program=pipeline line
  local -a asked texts shown
  asked=("${(@)words[2,CURRENT]}")
  if [[ $words[1] == npx ]]; then
    if [[ $words[2] != pipeline || $CURRENT -lt 3 ]]; then _default; return; fi
    shift asked
  fi
  asked=("${(@)asked//[\"\']/}") # one at the cursor may not be closed yet
  [[ -x node_modules/.bin/pipeline ]] && program=node_modules/.bin/pipeline
  for line in "${(@f)$($program complete -- "${asked[@]}" 2> /dev/null)}"; do
    [[ -n $line ]] || continue
    texts+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  -- }")
  done
  if (( ! $#texts )); then _default; return; fi
  local -a open closed openShown closedShown
  local i
  for i in {1..$#texts}; do
    if [[ $texts[i] == *[=/] ]]; then open+=("$texts[i]"); openShown+=("$shown[i]")
    else closed+=("$texts[i]"); closedShown+=("$shown[i]"); fi
  done
  (( $#open )) && compadd -l -S '' -d openShown -a open
  (( $#closed )) && compadd -l -d closedShown -a closed
}
compdef _pipeline pipeline npx
