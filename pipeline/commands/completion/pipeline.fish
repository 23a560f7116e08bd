# Asks pipeline itself what may come next, so that it knows the specs, settings, nodes and runs of this folder.
# Behind npx, too. Where pipeline has no answer, fish completes the names of files.
function __pipeline_complete
    set -l words (commandline -opc) (commandline -ct)
    if test "$words[1]" = npx
        test "$words[2]" = pipeline; and test (count $words) -gt 2; or return
        set -e words[1]
    end
    set -e words[1]
    set -l program pipeline
    test -x node_modules/.bin/pipeline; and set program node_modules/.bin/pipeline
    set -l found ($program complete -- $words 2> /dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c pipeline -f -a '(__pipeline_complete)'
complete -c npx -a '(__pipeline_complete)'
