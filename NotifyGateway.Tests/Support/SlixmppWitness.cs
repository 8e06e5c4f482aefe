using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support.Servers;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A client of other people's making (slixmpp, in a process of its own) that sees what really arrives, after STARTTLS and a check of the server's certificate.
/// <see cref="XmppWatcher"/> does more, but both it and the gateway are ours.
/// </summary>
internal sealed class SlixmppWitness : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private SlixmppWitness(TempFolder folder, ChildProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Logs in, is available, and joins rooms under the account's name; returns when it is in all.</summary>
    /// <param name="authority">Whom it trusts.</param>
    public static async Task<SlixmppWitness> ConnectAsync(XmppServer server, TestCertificate authority, string name, string password, params string[] rooms)
    {
        var folder = new TempFolder();
        // Where it may read it: whoever is nobody can perhaps not read the sources.
        var script = folder.Write("slixmpp_witness.py", RepositoryFiles.Read("NotifyGateway.Tests/Support/slixmpp_witness.py"));
        var process = await BoundProcess.StartAsync(
            [
                "/usr/bin/python3", script, $"{name}@{XmppServer.Domain}", password, "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture), authority.CertificateFile, .. rooms,
            ],
            folder.Path);
        var witness = new SlixmppWitness(folder, process);
        await witness.ToldAsync(e => Field(e, "event") == "online", 1, "is logged in");
        foreach (var room in rooms)
        {
            await witness.ToldAsync(e => Field(e, "event") == "joined" && Field(e, "room") == room, 1, $"has joined {room}");
        }

        return witness;
    }

    /// <summary>The first so many messages with that body.</summary>
    public async Task<IReadOnlyList<XmppWatched>> MessagesAsync(string body, int count)
    {
        var messages = await ToldAsync(e => Field(e, "event") == "message" && Field(e, "body") == body, count, $"{count} messages {body}");
        return [.. messages.Select(m => new XmppWatched(Field(m, "sender")!, Field(m, "type")!, Field(m, "id")!, body))];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string? Field(JsonNode line, string name) => (string?)line[name];

    private async Task<IReadOnlyList<JsonNode>> ToldAsync(Func<JsonNode, bool> matches, int count, string what)
    {
        try
        {
            var lines = await _process.Output.CollectAsync(line => matches(JsonNode.Parse(line)!), count, what, TimeSpan.FromSeconds(20));
            return [.. lines.Select(l => JsonNode.Parse(l)!)];
        }
        catch (XunitException failure)
        {
            throw new XunitException($"{failure.Message}\nRun ./test, which installs what the tests need, or: apt-get install python3-slixmpp\n{_process.Said}", failure);
        }
    }
}
