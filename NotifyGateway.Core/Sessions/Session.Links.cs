using System.Buffers;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <content>What a link's task tells: a connection that stands, what it has read, its end.</content>
internal sealed partial class Session
{
    private void OnReceived(SessionEvent.Received received, TimeSpan now)
    {
        if (received.Link.Protocol is { } protocol)
        {
            protocol.Feed(received.Buffer.AsSpan(0, received.Count), now);
            Drain(received.Link, now);
        }

        ArrayPool<byte>.Shared.Return(received.Buffer);
        received.Done();
    }

    private void OnConnected(SessionEvent.Connected connected, TimeSpan now)
    {
        Tell(connected.Expiring);
        var link = connected.Link;
        link.Protocol = _settings.CreateProtocol(link.Number);
        link.ConnectedAt = now;
        link.Proven = false;
        link.Verdict = null;
        _life.Seen = true;
        if (connected.Tls is { } tls)
        {
            link.Protocol.Start(tls, now);
        }
        else
        {
            link.Protocol.Start(now);
        }
    }

    private void OnSecured(SessionEvent.Secured secured, TimeSpan now)
    {
        Tell(secured.Expiring);
        secured.Link.Protocol?.Secured(secured.Tls, now);
    }

    private void Tell(IReadOnlyList<ExpiringCertificate> certificates)
    {
        foreach (var expiring in certificates)
        {
            _logger.CertificateExpires(Key, expiring.Whose, expiring.On);
        }
    }

    private void OnDown(SessionEvent.Down down, TimeSpan now)
    {
        var link = down.Link;
        var reason = link.Verdict?.Reason ?? down.Reason;
        var proven = link.Proven || (link.Online && now - link.ConnectedAt >= ProvenAfter);
        if (link.Protocol is { } protocol)
        {
            link.Online = false;
            link.Protocol = null;
            _lanes.OnDown(link, protocol.Abandon(), now);
        }

        if (!_departure.Begun)
        {
            _logger.Ended(Key, link.Number, reason);
            _settings.Meter?.ConnectionEnded(Key);
            _report.LastError = reason;
            if (!_links.Exists(l => l.Online))
            {
                _reader.Explain(null, reason);
                _report.Become(SessionState.Waiting);
            }
        }

        var kind = link.Verdict?.Kind ?? CloseKind.Lost;

        // They are said of the connection that has ended: an attempt that comes to none has neither.
        link.Proven = false;
        link.Verdict = null;
        down.Answer(new LinkEnd(reason, kind, proven));
    }

    private void OnWaiting(SessionEvent.Waiting waiting)
    {
        if (_departure.Begun)
        {
            return;
        }

        if (waiting.End.Kind == CloseKind.Refused)
        {
            _logger.Faulted(Key, waiting.End.Reason, waiting.Delay);
            if (_settings.Impatient)
            {
                _lanes.GiveUp(waiting.End.Reason, Now);
            }
        }
        else
        {
            _logger.Waiting(Key, waiting.Link.Number, waiting.Delay);
        }

        if (!_links.Exists(l => l.Online))
        {
            _report.Become(waiting.End.Kind == CloseKind.Refused ? SessionState.Faulted : SessionState.Waiting, _time.GetUtcNow() + waiting.Delay);
        }
    }

    /// <summary>Without a connection a new one's rules are taken: what a server says of itself is not known.</summary>
    private void OnPreview(SessionEvent.Preview preview)
    {
        var connected = _links.Find(l => l.Online)?.Protocol;
        var lines = (connected ?? _settings.CreateProtocol(1)).Preview(preview.Notification, preview.Address, preview.Lead);
        preview.Answer(new MessagePreview(lines, connected is not null));
    }

    /// <summary>Servers that send us on and on, perhaps in a circle, are left: the next connection goes where the configuration says.</summary>
    private void OnMoved(Link link, string address)
    {
        var follows = ++link.Moves <= Link.MaxMoves;
        link.MovedTo = follows ? address : null;
        if (follows)
        {
            _logger.Moved(Key, link.Number, address);
        }
        else
        {
            link.Moves = 0;
            link.Verdict ??= new ProtocolEvent.Ended($"see-other-host: sent on more than {Link.MaxMoves} times in a row, at last to {address}", CloseKind.Throttled);
        }
    }

    private static void Renew(Link link)
    {
        link.Verdict ??= new ProtocolEvent.Ended("told to connect anew", CloseKind.Lost);
        link.Protocol?.Quit("reconnecting");
        link.Flush();
        link.ConnectNow();
    }
}
