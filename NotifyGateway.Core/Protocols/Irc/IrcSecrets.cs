namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What we tell a server and nobody else. Servers repeat what they do not understand (421, 461, ERROR), and their words become reasons
/// that people and logs see: on the way out, every word that holds a secret is replaced.
/// </summary>
internal sealed class IrcSecrets
{
    private const string Hidden = "***";

    /// <summary>A shorter one stands in ordinary words: to hide it there would hide the server's words and show the secret.</summary>
    private const int ShortestSecret = 4;

    /// <summary>A payload may be repeated cut: so many of its characters give it away.</summary>
    private const int PayloadHead = 12;

    /// <summary>Of those that are new with each login, as many are kept as can be on their way.</summary>
    private const int MaxPayloads = 64;

    /// <summary>Of a connection on demand, whose channels come with messages, the last ones.</summary>
    private const int MaxKeys = 1000;

    private readonly List<string> _secrets = [];
    private readonly List<string> _payloads = [];
    private readonly List<string> _keys = [];

    public IrcSecrets(params ReadOnlySpan<string?> secrets)
    {
        foreach (var secret in secrets)
        {
            if (secret is { Length: >= ShortestSecret })
            {
                _secrets.Add(secret);
            }
        }
    }

    /// <summary>A piece of a SASL message, as it goes to the server.</summary>
    public void AddPayload(string payload)
    {
        if (payload.Length < ShortestSecret)
        {
            return;
        }

        if (_payloads.Count == MaxPayloads)
        {
            _payloads.RemoveAt(0);
        }

        _payloads.Add(payload[..Math.Min(PayloadHead, payload.Length)]);
    }

    /// <summary>A channel's key, which people choose among ordinary words: it is hidden where it stands alone.</summary>
    public void AddKey(string key)
    {
        if (key.Length >= ShortestSecret && !_keys.Contains(key, StringComparer.Ordinal))
        {
            _keys.RemoveRange(0, _keys.Count < MaxKeys ? 0 : 1);
            _keys.Add(key);
        }
    }

    /// <summary>Hides secrets in everything that a machine has put out since it was last emptied.</summary>
    public void Hide(ProtocolOutput output)
    {
        if (_secrets.Count + _payloads.Count + _keys.Count == 0)
        {
            return;
        }

        for (var i = 0; i < output.Events.Count; i++)
        {
            output.Events[i] = output.Events[i] switch
            {
                ProtocolEvent.Refused refused => refused with { Reason = Hide(refused.Reason) },
                ProtocolEvent.Closed closed => closed with { Reason = Hide(closed.Reason) },
                ProtocolEvent.Returned returned => returned with { Reason = Hide(returned.Reason) },
                ProtocolEvent.Ended ended => ended with { Reason = Hide(ended.Reason) },
                ProtocolEvent.Unauthenticated without => without with { Reason = Hide(without.Reason) },
                var other => other,
            };
        }

        for (var i = 0; i < output.Settled.Count; i++)
        {
            if (output.Settled[i] is { Outcome: { Reason: { } reason } outcome } settled)
            {
                output.Settled[i] = settled with { Outcome = outcome with { Reason = Hide(reason) } };
            }
        }
    }

    /// <summary>The text with each secret replaced, to the end of the word that it stands in.</summary>
    public string Hide(string text)
    {
        foreach (var secret in _secrets)
        {
            text = Hide(text, secret);
        }

        foreach (var payload in _payloads)
        {
            text = Hide(text, payload);
        }

        return _keys.Count == 0 ? text : string.Join(' ', text.Split(' ').Select(w => _keys.Contains(w.TrimStart(':'), StringComparer.Ordinal) ? Hidden : w));
    }

    private static string Hide(string text, string secret)
    {
        for (var at = 0; (at = text.IndexOf(secret, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += Hidden.Length)
        {
            var end = text.IndexOf(' ', at + secret.Length);
            text = string.Concat(text.AsSpan(0, at), Hidden, end < 0 ? "" : text.AsSpan(end));
        }

        return text;
    }
}
