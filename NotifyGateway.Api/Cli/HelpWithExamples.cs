using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NotifyGateway.Api.Cli;

/// <summary>The help of a command, followed by the settings that it takes and by examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Serve = """
          notify-gateway --sandbox                                  try it, with nothing configured
          notify-gateway serve --config /etc/notify/gateway.json    run it
          notify-gateway --urls "http://*:8080;http://unix:/run/notify/http.sock"
          notify-gateway --Gateway:Anonymous=Loopback               one setting for this run
          Gateway__Irc__libera__Nick=bot notify-gateway             the same from the environment
        """;

    private const string CheckConfig = """
          notify-gateway check-config --config /etc/notify/gateway.json
          notify-gateway check-config -c base.json -c site.json && systemctl restart notify-gateway
        """;

    private const string Health = """
          notify-gateway health                                     at the default address
          notify-gateway health --config /etc/notify/gateway.json || echo "not well"
        """;

    private const string Import = """
          notify-gateway import xmpp-muc-gateway .pyenv > gateway.json
          notify-gateway import kaoz /etc/kaoz.conf > gateway.json && notify-gateway check-config -c gateway.json
          echo "irkerd -n bot%03d" | notify-gateway import irkerd - > gateway.json
        """;

    private const string Send = """
          notify-gateway send --to ircs://irc.example.org/#ops "deployed 1.4"             no gateway, no configuration
          make 2>&1 | tail -n 5 | notify-gateway send --to irc://localhost/alice,isnick   the text from standard input
          notify-gateway send --to xmpp:alice@example.org --jid bot@example.org --password-file bot.pw "hello"
          notify-gateway send --to libera/#ops --to oncall --config /etc/notify/gateway.json --severity error "disk full"
          NOTIFY_SECRET=$(cat secret) notify-gateway send --gateway http://127.0.0.1:8080 --to '#ops' --title backup "done"
          notify-gateway send --to '#ops' -g https://notify.example.org --secret-file secret "x" || echo "nobody was told"
        """;

    private const string Template = """
          notify-gateway template try auto payload.json -H "X-GitHub-Event: push"
          notify-gateway template try grafana - < payload.json
          notify-gateway template try "{{bold title}}: {{cut text 80}}" payload.json
          notify-gateway template show alertmanager > /etc/notify/templates/alertmanager.hbs
          notify-gateway template try alertmanager payload.json --config /etc/notify/gateway.json
        """;

    private const string Token = """
          notify-gateway token
        """;

    private const string Settings = """
        Settings:
          --Gateway:KEY=VALUE  Any key of the configuration, for this run: it wins over every other source. Also --Logging:KEY=VALUE and --Kestrel:KEY=VALUE.

        """;

    /// <summary>Who asks for help has not given the arguments yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command switch
        {
            { Name: "check-config" } => CheckConfig,
            { Name: "health" } => Health,
            { Name: "import" } => Import,
            { Name: "send" } => Send,
            { Name: "template" or "try" or "list" or "show" } => Template,
            { Name: "token" } => Token,
            _ => Serve,
        };
        var settings = parseResult.CommandResult.Command.Arguments.Contains(GatewaySymbols.Settings) ? Settings + "\n" : "";
        parseResult.InvocationConfiguration.Output.WriteLine($"{settings}Examples:\n{examples}\n");
        return result;
    }
}
