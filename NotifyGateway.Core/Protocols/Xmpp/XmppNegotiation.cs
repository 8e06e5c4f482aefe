using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// From the connection to the end of login (RFC 6120, section 4.3): TLS, SASL, then the old stream taken up again or an address of our own, and
/// acknowledgements. Each step says when it is due, and whether the server offers it; the first that is due and offered is done next.
/// </summary>
internal sealed class XmppNegotiation
{
    private readonly XmppState _state;
    private readonly XmppQueries _queries;
    private readonly XmppAcks _acks;
    private readonly XmppSasl _sasl;
    private readonly Action _restart;
    private readonly Action<bool> _onReady;
    private readonly Step[] _steps;
    private bool _busy;
    private bool _sessionAsked;
    private bool _resumptionTried;
    private bool _acksAsked;
    private bool _resourceLeft;
    private Awaited _awaited;

    /// <summary>Which of its two uses an answer of XEP-0198 is about.</summary>
    private enum Awaited { Nothing, Resumption, Acks }

    /// <param name="restart">Forgets what was read: a new stream begins.</param>
    /// <param name="onReady">Login is done; true: the old stream goes on.</param>
    public XmppNegotiation(XmppState state, XmppQueries queries, XmppAcks acks, Action restart, Action<bool> onReady)
    {
        _state = state;
        _queries = queries;
        _acks = acks;
        _restart = restart;
        _onReady = onReady;
        _sasl = new XmppSasl(state, OnAuthenticated);
        _steps =
        [
            new Step(() => !state.Secure, () => state.Features.StartTls, AskForTls, "the server offers no STARTTLS, and nothing is said in clear"),
            new Step(() => !state.Authenticated, () => true, _sasl.Begin, null),
            new Step(() => state.Jid is null && !_resumptionTried && state.Resumption.StreamId is not null, () => state.Features.Acks, Resume, null),
            new Step(() => state.Jid is null, () => state.Features.Bind, Bind, "the server offers no address for this connection"),
            new Step(() => !_sessionAsked, () => state.Features.Session, AskForSession, null),
            new Step(() => !_acksAsked, () => state.Features.Acks, EnableAcks, null),
            new Step(() => true, () => true, () => Finish(resumed: false), null),
        ];
    }

    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    public void Start()
    {
        Deadline = _state.Now + _state.Options.LoginTimeout;
        _state.OpenStream();
    }

    /// <exception cref="InvalidOperationException">No change to TLS is under way.</exception>
    public void OnSecured(TlsFacts tls)
    {
        if (!_state.AwaitsTls)
        {
            throw new InvalidOperationException("TLS was not asked for");
        }

        _state.AwaitsTls = false;
        _state.Tls = tls;
        Reopen();
    }

    public void Tick()
    {
        if (_state.Now >= Deadline && !_state.Online)
        {
            _state.End(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"login was not done within {_state.Options.LoginTimeout.TotalSeconds:0} s"), CloseKind.Lost);
        }
    }

    public void OnHeader(XElement header)
    {
        _state.Header = header;
        if (header.Attribute("version") is not { } version || version.Value.StartsWith("0.", StringComparison.Ordinal))
        {
            _state.End("unsupported-version: the server speaks no XMPP 1.0", CloseKind.Refused);
        }
    }

    public void OnFeatures(XElement features)
    {
        if (!_busy)
        {
            _state.Features = XmppFeatures.Read(features);
            Advance();
        }
    }

    /// <summary>An element of STARTTLS or of SASL.</summary>
    public void OnElement(XElement element)
    {
        if (element.Name == XmppNames.Tls + "proceed" && _busy && !_state.Secure)
        {
            _state.AwaitsTls = true;
            _state.Raise(new ProtocolEvent.Secure());
        }
        else if (element.Name == XmppNames.Tls + "failure" && !_state.Secure)
        {
            _state.End("the server offers STARTTLS but cannot do it", CloseKind.Lost);
        }
        else if (element.Name.Namespace == XmppNames.Sasl && _state is { Secure: true, Authenticated: false })
        {
            _sasl.OnElement(element);
        }
    }

    /// <summary>An answer to <c>&lt;resume/&gt;</c> or <c>&lt;enable/&gt;</c>.</summary>
    public void OnAcks(XElement element)
    {
        var awaited = _awaited;
        _awaited = Awaited.Nothing;
        switch (awaited, element.Name.LocalName)
        {
            case (Awaited.Resumption, "resumed"):
                if (_acks.OnResumed(element))
                {
                    Finish(resumed: true);
                }

                break;
            case (Awaited.Resumption, "failed"):
                _acks.OnNotResumed(element);
                Advance();
                break;
            case (Awaited.Acks, "enabled"):
                _acks.OnEnabled(element);
                Advance();
                break;
            case (Awaited.Acks, "failed"):
                Advance();
                break;
            default:
                _awaited = awaited;
                break;
        }
    }

    private void Advance()
    {
        _busy = true;
        var step = Array.Find(_steps, s => s.Due() && (s.Missing is not null || s.Offered()));
        if (step!.Offered())
        {
            step.Do();
        }
        else
        {
            _state.End(step.Missing!, CloseKind.Refused);
        }
    }

    private void AskForTls() => _state.AskForTls();

    private void OnAuthenticated()
    {
        _state.Authenticated = true;
        Reopen();
    }

    private void Reopen()
    {
        _busy = false;
        _restart();
        _state.OpenStream();
    }

    private void Resume()
    {
        _resumptionTried = true;
        _awaited = Awaited.Resumption;
        _acks.Resume();
    }

    /// <summary>RFC 6120, section 7.</summary>
    private void Bind()
    {
        // What could not be taken up again is lost.
        _state.Resumption.Forget();
        var iq = _queries.Begin(null, "set"u8, OnBound).Raw("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"u8);
        if (!_resourceLeft)
        {
            iq.Raw("<resource>"u8).Text(_state.Options.Resource).Raw("</resource>"u8);
        }

        iq.Raw("</bind></iq>"u8);
    }

    private void OnBound(XmppAnswer answer)
    {
        var text = answer.Result?.Element(XmppNames.Bind + "bind")?.Element(XmppNames.Bind + "jid")?.Value ?? "";
        if (answer.Error is { Condition: "conflict" or "not-acceptable" or "bad-request" } && !_resourceLeft)
        {
            // Another connection has it and keeps it, or the server wants to choose itself.
            _resourceLeft = true;
            Bind();
        }
        else if (answer.Error is { } error)
        {
            _state.End($"no address for this connection: {error}", error.Condition switch
            {
                "not-allowed" or "not-authorized" => CloseKind.Refused,
                "resource-constraint" => CloseKind.Throttled,
                _ => CloseKind.Lost,
            });
        }
        else if (Xmpp.Jid.Parse(text, out _) is { Resource: not null } jid)
        {
            _state.Jid = jid;
            Advance();
        }
        else
        {
            _state.End("the server gave no valid address for this connection", CloseKind.Lost);
        }
    }

    private void AskForSession()
    {
        _sessionAsked = true;
        _queries.Ask(null, "set"u8, "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>"u8, answer =>
        {
            if (answer.Error is { } error)
            {
                _state.End($"no session: {error}", CloseKind.Lost);
            }
            else
            {
                Advance();
            }
        });
    }

    private void EnableAcks()
    {
        _acksAsked = true;
        _awaited = Awaited.Acks;
        _acks.Enable();
    }

    private void Finish(bool resumed)
    {
        Deadline = TimeSpan.MaxValue;
        _state.Online = true;
        _onReady(resumed);
    }

    /// <summary>One step of the negotiation.</summary>
    /// <param name="Due">Whether it must be done, as far as we are concerned.</param>
    /// <param name="Offered">Whether the server can.</param>
    /// <param name="Do">Begins it; what comes next is decided when the server has answered.</param>
    /// <param name="Missing">Why nothing goes on without it; null: it is left out where it is not offered.</param>
    private sealed record Step(Func<bool> Due, Func<bool> Offered, Action Do, string? Missing);
}
