namespace NotifyGateway.Api.Cli.Import;

/// <summary>A system whose configuration can be read.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="File">What the file is, for the help.</param>
/// <param name="Read">Reads the file; null when it is none of that system's.</param>
/// <param name="Missing">What such a file would have, for the error.</param>
internal sealed record ImportFormat(string Name, string File, Func<string, Imported?> Read, string Missing)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ImportFormat> All { get; } =
    [
        new("irkerd", "a command line: its own, that of a systemd unit, or /etc/default/irker", IrkerdImport.Read, "is no command line of irkerd: it names neither irkerd nor one of its options"),
        new("isso", "its .cfg", IssoImport.Read, "is no configuration of isso that notifies programs: it has no section [syscall]"),
        new("kaoz", "its kaoz.conf", KaozImport.Read, "is no configuration of Kaoz: it has neither a section [irc] nor [listener]"),
        new("twistedprism", "its YAML file", TwistedPrismImport.Read, "is no configuration of TwistedPrism: it is not valid YAML, or has neither irc nor xmpp"),
        new("xmpp-muc-gateway", "its .pyenv", MucGatewayImport.Read, "is no configuration of the XMPP MUC Message Gateway: it sets neither JID_FROM_USER nor KNOWN_ROOMS"),
    ];
}
