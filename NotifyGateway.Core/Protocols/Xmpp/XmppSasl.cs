using System.Security.Cryptography;
using System.Xml.Linq;
using NotifyGateway.Core.Protocols.Sasl;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// Login by SASL (RFC 6120, section 6), under TLS only. Mechanisms are tried in turn, the strongest first: the next one when the server cannot use
/// this one, or when the binding to the TLS channel fails. A password that was judged and refused is not shown to another mechanism.
/// </summary>
internal sealed class XmppSasl(XmppState state, Action onSuccess)
{
    private const string Unique = "tls-unique";
    private const string Exporter = "tls-exporter";

    private static readonly HashAlgorithmName[] Hashes = [HashAlgorithmName.SHA256, HashAlgorithmName.SHA1];

    private readonly Queue<(ISaslMechanism Mechanism, bool Binds)> _left = new();
    private readonly List<string> _bindingFaults = [];
    private (ISaslMechanism Mechanism, bool Binds)? _current;
    private string? _aborted;

    public void Begin()
    {
        var offered = state.Features.Mechanisms;
        foreach (var candidate in Candidates(offered).Where(c => offered.Contains(c.Mechanism.Name, StringComparer.Ordinal)))
        {
            _left.Enqueue(candidate);
        }

        Next($"the server offers no SASL mechanism that we have, only {(offered.Count > 0 ? XmppError.Words(string.Join(' ', offered)) : "none")}", CloseKind.Refused);
    }

    public void OnElement(XElement element)
    {
        if (_current is not { } current)
        {
            return;
        }

        switch (element.Name.LocalName)
        {
            case "challenge" when _aborted is null:
                OnChallenge(current.Mechanism, element.Value);
                break;
            case "success" when _aborted is null:
                OnSuccess(current.Mechanism, element.Value);
                break;
            case "failure":
                OnFailure(current.Mechanism, current.Binds, XmppError.OfSasl(element));
                break;
        }
    }

    /// <summary>
    /// A mechanism that binds is refused by a server that sees another channel than we do, so the one after it says that it cannot bind; only where
    /// the server offers no binding at all does it say that it could, so that a server which did notices that somebody took its offer away.
    /// </summary>
    private IEnumerable<(ISaslMechanism Mechanism, bool Binds)> Candidates(IReadOnlyList<string> offered)
    {
        var (account, password) = (state.Options.Jid.Local ?? "", state.Options.Password);
        var binding = Binding();
        var without = binding is null || offered.Any(m => m.EndsWith("-PLUS", StringComparison.Ordinal)) ? ChannelBinding.None : ChannelBinding.NotOffered;
        foreach (var hash in Hashes)
        {
            if (binding is not null)
            {
                yield return (new SaslScram(hash, account, password, state.Options.Nonce(), binding), true);
            }

            yield return (new SaslScram(hash, account, password, state.Options.Nonce(), without), false);
        }

        yield return (new SaslPlain(account, password), false);
    }

    private ChannelBinding? Binding()
    {
        var types = state.Features.ChannelBindings;
        return Of(Exporter, state.Tls!.Exporter, types.Contains(Exporter, StringComparer.Ordinal))
            ?? Of(Unique, state.Tls.Unique, types.Count == 0 || types.Contains(Unique, StringComparer.Ordinal))
            ?? Of(Exporter, state.Tls.Exporter, types.Count == 0);

        static ChannelBinding? Of(string type, ReadOnlyMemory<byte> data, bool usable) => usable && !data.IsEmpty ? ChannelBinding.To(type, data.Span) : null;
    }

    private void Next(string reason, CloseKind kind)
    {
        if (!_left.TryDequeue(out var next))
        {
            _current = null;
            state.End(_bindingFaults.Count == 0 ? reason : $"{reason} (and before, {string.Join("; ", _bindingFaults)})", kind);
            return;
        }

        _current = next;
        _aborted = null;
        var step = next.Mechanism.Begin();
        if (step.Fault is not null)
        {
            Next(step.Fault, CloseKind.Refused);
            return;
        }

        state.Element().Raw("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"u8).Attribute("mechanism"u8, next.Mechanism.Name).Raw(">"u8)
            .Text(step.Response.Length == 0 ? "=" : Convert.ToBase64String(step.Response)).Raw("</auth>"u8);
    }

    private void OnChallenge(ISaslMechanism mechanism, string payload)
    {
        var step = Decode(payload) is { } challenge ? mechanism.Answer(challenge) : SaslStep.Aborted("the server's SASL challenge is no Base64");
        if (step.Fault is null)
        {
            state.Element().Raw("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"u8).Text(Convert.ToBase64String(step.Response)).Raw("</response>"u8);
        }
        else if (step.Impostor)
        {
            state.End(step.Fault, CloseKind.Refused);
        }
        else
        {
            // The server answers with a failure, which this reason stands for.
            _aborted = step.Fault;
            state.Element().Raw("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"u8);
        }
    }

    private void OnSuccess(ISaslMechanism mechanism, string payload)
    {
        var last = payload.Trim() is "" or "=" ? default : Decode(payload) is { } data ? mechanism.Answer(data) : SaslStep.Aborted("the server's last word in SASL is no Base64");
        if (last.Fault is not null || !mechanism.Complete)
        {
            state.End(last.Fault ?? $"the server ended {mechanism.Name} before it had shown that it knows the password", CloseKind.Refused);
            return;
        }

        _current = null;
        if (_bindingFaults.Count > 0)
        {
            state.Raise(new ProtocolEvent.Unbound(state.Shown(string.Join("; ", _bindingFaults))));
        }

        onSuccess();
    }

    private void OnFailure(ISaslMechanism mechanism, bool binds, XmppError error)
    {
        var reason = _aborted ?? error.ToString();
        if (error.Condition is "temporary-auth-failure")
        {
            _left.Clear();
            Next(reason, CloseKind.Lost);
        }
        else if (binds)
        {
            _bindingFaults.Add($"{mechanism.Name}, bound to the TLS channel, was refused with {reason}");
            Next(reason, CloseKind.Refused);
        }
        else
        {
            if (error.Condition is "not-authorized" or "account-disabled" or "credentials-expired")
            {
                _left.Clear();
            }

            Next(reason, CloseKind.Refused);
        }
    }

    private static byte[]? Decode(string payload)
    {
        var text = payload.Trim();
        var bytes = new byte[text.Length];
        return text is "=" ? [] : Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
