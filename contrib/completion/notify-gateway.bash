# Completion of notify-gateway in bash. Source it, or install it as
# /usr/share/bash-completion/completions/notify-gateway

_notify_gateway() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command= inner= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case $command:${COMP_WORDS[i]} in
            :serve | :send | :check-config | :health | :import | :template | :token) command=${COMP_WORDS[i]} ;;
            template:try | template:list | template:show) inner=${COMP_WORDS[i]} && break ;;
        esac
    done

    COMPREPLY=()
    case $previous in
        --config | -c | --secret-file | --password-file)
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        --severity) mapfile -t COMPREPLY < <(compgen -W "info success warning error" -- "$current") && return ;;
        --markup) mapfile -t COMPREPLY < <(compgen -W "plain slack markdown" -- "$current") && return ;;
        --urls | --to | -t | --title | --gateway | -g | --secret | --jid | --timeout | --header | -H) return ;;
    esac

    local words="--help --version"
    case $command in
        "") words+=" serve send check-config health import template token --config --urls --sandbox" ;;
        serve) words+=" --config --urls --sandbox" ;;
        send) words+=" --to --title --severity --markup --gateway --secret --secret-file --config --jid --password-file --timeout --verbose" ;;
        check-config | health) words+=" --config --urls" ;;
        import) words+=" twistedprism kaoz xmpp-muc-gateway irkerd isso" ;;
        template)
            case $inner in
                "") words+=" try list show" ;;
                try) words+=" --header --config" ;;
                *) words+=" --config" ;;
            esac
            ;;
    esac

    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    # The files of import and template try.
    [[ $current == -* ]] || case $command:$inner in
        import: | template:try) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}

complete -o filenames -F _notify_gateway notify-gateway
