namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What the server can do beyond RFC 1459, and what of it is switched on (IRCv3 capability negotiation 302). It asks for what is wanted and
/// offered, at login and whenever the server offers more.
/// </summary>
internal sealed class IrcCapabilities(IrcState state, IReadOnlyList<string> wanted)
{
    /// <summary>A server has about 40; what a broken one may make us keep has an end.</summary>
    private const int MaxOffered = 500;

    private readonly Dictionary<string, string> _offered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _enabled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private bool _listed;

    /// <summary>True when the server has told all that it offers, and answered all that we asked for.</summary>
    public bool Settled => _listed && _asked.Count == 0;

    /// <summary>Whether a capability is switched on.</summary>
    public bool Has(string name) => _enabled.Contains(name);

    /// <summary>The value of a capability that the server offers; empty when it has none; null when it is not offered.</summary>
    public string? Offered(string name) => _offered.GetValueOrDefault(name);

    public void Start() => state.Send("CAP", "LS", "302");

    /// <summary>Has the server list once more what it offers, if it ever did; what was refused is asked for again then.</summary>
    public void ListAgain()
    {
        if (_listed)
        {
            Start();
        }
    }

    /// <summary>Takes in a CAP line: <c>target subcommand [*] :names</c>.</summary>
    public void OnCap(in IrcMessage message)
    {
        var names = message.Count > 2 ? message.Text(message.Count - 1).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        switch (message.Text(1).ToUpperInvariant())
        {
            case "LS":
                Offer(names);
                // A star before the list means that more of it follows.
                if (message.Count <= 3 || !message[2].SequenceEqual("*"u8))
                {
                    _listed = true;
                    Ask(_offered.Keys);
                }

                break;
            case "NEW":
                Offer(names);
                Ask(names.Select(NameOf));
                break;
            case "DEL":
                Array.ForEach(names, Forget);
                break;
            case "ACK":
                Array.ForEach(names, Enable);
                break;
            case "NAK":
                Refused(names);
                break;
        }
    }

    private static string NameOf(string offer) => offer.Split('=')[0];

    private void Offer(string[] offers)
    {
        foreach (var offer in offers)
        {
            var name = NameOf(offer);
            if (_offered.Count < MaxOffered || _offered.ContainsKey(name))
            {
                _offered[name] = offer.Length > name.Length ? offer[(name.Length + 1)..] : "";
            }
        }
    }

    private void Ask(IEnumerable<string> offered)
    {
        var missing = wanted.Intersect(offered, StringComparer.Ordinal).Where(n => !_enabled.Contains(n) && _asked.Add(n)).ToList();
        if (missing.Count > 0)
        {
            state.Send("CAP", "REQ", string.Join(' ', missing));
        }
    }

    /// <summary>An acknowledged name; with a hyphen before it, it was switched off.</summary>
    private void Enable(string name)
    {
        if (name.StartsWith('-'))
        {
            Forget(name[1..]);
        }
        else if (_asked.Remove(name))
        {
            _enabled.Add(name);
        }
    }

    /// <summary>A list is refused as a whole: each of its names is asked for alone, and refused alone at last.</summary>
    private void Refused(string[] names)
    {
        var asked = names.Where(_asked.Contains).ToList();
        asked.ForEach(n => _asked.Remove(n));
        if (asked.Count > 1)
        {
            asked.ForEach(n => Ask([n]));
        }
    }

    private void Forget(string name)
    {
        _offered.Remove(NameOf(name));
        _enabled.Remove(NameOf(name));
        _asked.Remove(NameOf(name));
    }
}
