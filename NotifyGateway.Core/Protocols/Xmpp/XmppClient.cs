using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>One XMPP connection as a state machine (RFC 6120, RFC 6121, XEP-0045, XEP-0198). It only dispatches: each part has its own file.</summary>
public sealed class XmppClient : IProtocol
{
    private readonly XmppState _state;
    private readonly XmppFramer _framer = new();
    private readonly XmppFramer.FrameHandler _onFrame;
    private readonly XmppQueries _queries;
    private readonly XmppAcks _acks;
    private readonly XmppNegotiation _negotiation;
    private readonly XmppRooms _rooms;
    private readonly XmppPlaces _places;
    private readonly XmppUnproved _unproved;
    private readonly XmppOutgoing _outgoing;
    private readonly XmppReturns _returns;
    private readonly XmppKeepalive _keepalive;

    /// <param name="resumption">That of the connection before on the same link, or a new one.</param>
    public XmppClient(XmppClientOptions options, XmppResumption resumption)
    {
        _state = new XmppState(options, resumption, Output);
        _onFrame = OnFrame;
        _queries = new XmppQueries(_state);
        _acks = new XmppAcks(_state, () => _outgoing!.OnAcknowledged());
        _negotiation = new XmppNegotiation(_state, _queries, _acks, _framer.Reset, OnReady);
        _rooms = new XmppRooms(_state, _queries);
        _places = new XmppPlaces(_state, _queries, _rooms);
        _unproved = new XmppUnproved(_state);
        _outgoing = new XmppOutgoing(_state, _places, _unproved, _queries, _acks);
        _returns = new XmppReturns(_state, _rooms, _unproved);
        _keepalive = new XmppKeepalive(_state, _queries, _acks);
    }

    public ProtocolOutput Output { get; } = new();

    /// <summary>Our address, with the resource.</summary>
    public string? Nick => _state.Jid?.ToString();

    public int InFlight => _unproved.Count;

    public bool CanSend => _state is { Online: true, Ended: false, Quitting: false } && _outgoing.CanSend;

    public TimeSpan WakeAt => _state.Ended || _state.Quitting ? TimeSpan.MaxValue
        : _state.Online ? Min(Min(Min(_keepalive.WakeAt, _acks.WakeAt), _queries.WakeAt), Min(Min(_outgoing.WakeAt, _unproved.WakeAt), _rooms.WakeAt))
        : Min(_negotiation.Deadline, _queries.WakeAt);

    public int LaneLimit(string address) => _places.Limit(address);

    public void Start(TimeSpan now)
    {
        _state.Now = now;
        _keepalive.OnHeard(now);
        _negotiation.Start();
    }

    public void Start(TlsFacts tls, TimeSpan now)
    {
        _state.Tls = tls;
        Start(now);
    }

    public void Secured(TlsFacts tls, TimeSpan now)
    {
        _state.Now = now;
        _negotiation.OnSecured(tls);
    }

    public void Feed(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _state.Now = now;
        _keepalive.OnHeard(now);
        // In clear one byte at a time: whatever follows <proceed/> was put there by somebody in between, to be read as if it had come under TLS.
        while (!_state.Secure && !_state.Ended && bytes.Length > 0)
        {
            if (_state.AwaitsTls)
            {
                _state.End("something was said in clear after the server had agreed to TLS", CloseKind.Lost);
                return;
            }

            _framer.Feed(bytes[..1], _onFrame);
            OnFault();
            bytes = bytes[1..];
        }

        if (!_state.Ended)
        {
            _framer.Feed(bytes, _onFrame);
            OnFault();
        }
    }

    public void Tick(TimeSpan now)
    {
        _state.Now = now;
        if (_state.Ended || _state.Quitting)
        {
            return;
        }

        _negotiation.Tick();
        _queries.Tick();
        if (_state is { Online: true, Ended: false })
        {
            _keepalive.Tick(now);
            _acks.Tick();
            _rooms.Tick();
            _outgoing.Tick();
            _unproved.Tick();
        }
    }

    /// <summary>Goes on with other options on the same connection. What belongs to the login stays as it was.</summary>
    public void Change(XmppClientOptions options, TimeSpan now)
    {
        _state.Now = now;
        _state.Options = options;
        _outgoing.OnChanged();
    }

    public void Enter(string lane, string address, TimeSpan now)
    {
        _state.Now = now;
        _places.Enter(lane, address);
    }

    public void Leave(string lane) => _places.Leave(lane);

    public void Send(Delivery delivery, TimeSpan now)
    {
        if (!CanSend)
        {
            throw new InvalidOperationException("nothing can be sent now");
        }

        _state.Now = now;
        _outgoing.Send(delivery);
    }

    public IReadOnlyList<string> Preview(Notification notification, string address, string lead) => _outgoing.Preview(notification, address, lead);

    public void Flush(TimeSpan now)
    {
        _state.Now = now;
        _outgoing.Flush();
    }

    public IReadOnlyList<Delivery> Abandon() => _unproved.Abandon();

    public void Quit(string reason) => _state.Quit(reason);

    private void OnFault()
    {
        if (_framer.Fault != XmppFrameFault.None)
        {
            _state.End(_framer.Fault switch
            {
                XmppFrameFault.TooLong => "the server sent an element that has no end",
                XmppFrameFault.TooDeep => "the server sent elements that are nested too deep",
                XmppFrameFault.Restricted => "the server sent XML that XMPP forbids",
                _ => "what the server sent is no XMPP",
            }, CloseKind.Lost);
        }
    }

    private void OnFrame(XmppFrameKind kind, ReadOnlySpan<byte> frame)
    {
        if (_state.Ended)
        {
            return;
        }

        switch (kind)
        {
            case XmppFrameKind.StreamOpen when XmppXml.Header(frame) is { } header:
                _negotiation.OnHeader(header);
                break;
            case XmppFrameKind.Element when _state.Header is { } header && XmppXml.Element(frame, header) is { } element:
                OnElement(element);
                break;
            case XmppFrameKind.StreamClose:
                _state.Quit(null);
                _state.End("the server closed the stream", CloseKind.Lost);
                break;
            default:
                _state.End("what the server sent is no XMPP", CloseKind.Lost);
                break;
        }
    }

    private void OnElement(XElement element)
    {
        if (element.Name == XmppXml.Streams + "error")
        {
            OnStreamError(XmppError.OfStream(element));
        }
        else if (element.Name.Namespace == XmppXml.Client)
        {
            // Before login nobody but the server itself can have anything to say, and it says it otherwise.
            if (_state.Authenticated)
            {
                _acks.OnStanza();
                OnStanza(element);
            }
        }
        else if (element.Name.Namespace == XmppNames.Acks)
        {
            OnAcks(element);
        }
        else if (_state.Quitting)
        {
            return;
        }
        else if (element.Name == XmppXml.Streams + "features")
        {
            _negotiation.OnFeatures(element);
        }
        else
        {
            _negotiation.OnElement(element);
        }
    }

    private void OnStanza(XElement stanza)
    {
        switch (stanza.Name.LocalName, (string?)stanza.Attribute("type"))
        {
            case ("message", _):
                _returns.OnMessage(stanza);
                break;
            case ("presence", _) when !_state.Quitting:
                _rooms.OnPresence(stanza);
                break;
            case ("iq", "result" or "error"):
                _queries.OnAnswer(stanza);
                break;
            case ("iq", "get" or "set") when _state is { Online: true, Quitting: false }:
                XmppRequests.Answer(_state, stanza);
                break;
        }
    }

    private void OnAcks(XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "r":
                _acks.OnRequest();
                break;
            case "a":
                _acks.OnAnswer(element);
                break;
            case var _ when !_state.Quitting:
                _negotiation.OnAcks(element);
                break;
        }
    }

    private void OnReady(bool resumed)
    {
        if (resumed)
        {
            _rooms.OnResumed();
        }
        else
        {
            var presence = _state.Stanza().Raw("<presence><priority>-1</priority>"u8);
            if (_state.Options.Status is { } status)
            {
                presence.Raw("<status>"u8).Text(status).Raw("</status>"u8);
            }

            presence.Raw("</presence>"u8);
        }

        _outgoing.OnReady();
        _state.Raise(new ProtocolEvent.Ready(Nick!));
    }

    /// <summary>The server's last words (RFC 6120, section 4.9.3).</summary>
    private void OnStreamError(XmppError error)
    {
        if (error is { Condition: "see-other-host", Content: { } address })
        {
            _state.Raise(new ProtocolEvent.Moved(address));
            _state.End($"see-other-host: {address}", CloseKind.Lost);
            return;
        }

        _state.End(error.Condition is "conflict" ? $"{error} (another connection has taken this account's resource)" : error.ToString(), error.Condition switch
        {
            "policy-violation" => _outgoing.OnPolicyViolation(error.ToString()) ? CloseKind.Lost : CloseKind.Throttled,
            "conflict" or "resource-constraint" => CloseKind.Throttled,
            "host-unknown" or "host-gone" or "not-authorized" or "unsupported-version" or "invalid-namespace" or "unsupported-feature" => CloseKind.Refused,
            _ => CloseKind.Lost,
        });
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
