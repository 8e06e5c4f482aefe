using System.Buffers.Text;
using System.Globalization;
using NotifyGateway.Core.Protocols.Sasl;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Login by SASL over AUTHENTICATE (IRCv3 sasl-3.1 and 3.2). Mechanisms are tried in turn, each once: the next one when the server does not
/// have this one, or cannot use it for this account. When the password was judged and refused, no other mechanism repeats it; one
/// that does without it (EXTERNAL first, a certificate that services do not know yet) says nothing about the others.
/// </summary>
internal sealed class IrcSasl(IrcState state, IrcCapabilities capabilities)
{
    /// <summary>AUTHENTICATE carries so many bytes of Base64; a piece of just so many is followed by another.</summary>
    private const int PieceLength = 400;

    /// <summary>A challenge has some hundred bytes; what a broken server may make us keep has an end.</summary>
    private const int MaxChallenge = 16 * 1024;

    /// <summary>For each step. Services that hang must not cost us the connection: some servers give a login no more than 10 s.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(7);

    /// <summary>908 comes before 904, but a server may leave it at that.</summary>
    private static readonly TimeSpan ListTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Queue<ISaslMechanism> _left = new();
    private readonly List<byte> _challenge = [];
    private ISaslMechanism? _current;
    private bool _begun;
    private bool _listed;
    private bool _passwordRefused;
    private string[]? _offered;
    private string? _triedOffer;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private TimeSpan _askAt = TimeSpan.MaxValue;
    private TimeSpan _pause = FirstPause;

    /// <summary>An exchange is under way.</summary>
    public bool Busy => _current is not null;

    /// <summary>Why there is no login by SASL; null: it has not been tried, or has succeeded.</summary>
    public string? Failure { get; private set; }

    /// <summary>What the failure means for a connection that needs the login.</summary>
    public CloseKind FailureKind { get; private set; }

    public TimeSpan WakeAt => _deadline < _askAt ? _deadline : _askAt;

    /// <summary>
    /// Logs in, if the server offers it, and we are not: at login, and whenever the offer changes, since services may come late. What was
    /// refused for an offer is not tried again for the same.
    /// </summary>
    public void Begin(TimeSpan now)
    {
        var offer = capabilities.Has("sasl") ? capabilities.Offered("sasl") : null;
        if (state.Options.Sasl is not { } options || state.LoggedIn || Busy)
        {
            return;
        }

        var mechanisms = options.Mechanisms().Where(m => !(_passwordRefused && m.ByPassword)).ToList();
        if (offer is null)
        {
            Fail(Failure ?? "the server offers no SASL", options.HasWorked ? CloseKind.Lost : CloseKind.Refused);
            _askAt = _askAt == TimeSpan.MaxValue ? now + _pause : _askAt;
        }
        else if (!string.Equals(offer, _triedOffer, StringComparison.Ordinal) && !(_passwordRefused && mechanisms.Count == 0))
        {
            _offered = offer.Length == 0 ? null : offer.Split(',');
            mechanisms.ForEach(_left.Enqueue);
            Next(now, null);
        }

        _triedOffer = offer;
    }

    public void Tick(TimeSpan now)
    {
        if (now >= _askAt)
        {
            AskAgain(now);
        }

        if (now < _deadline)
        {
            return;
        }

        if (_listed && !_begun)
        {
            Next(now, null);
        }
        else
        {
            state.Send("AUTHENTICATE", "*");
            Fail(string.Create(CultureInfo.InvariantCulture, $"the server did not go on with SASL {_current!.Name} within {AnswerTime.TotalSeconds:0} s"), CloseKind.Lost);
        }
    }

    /// <summary>A piece of a challenge.</summary>
    public void OnAuthenticate(in IrcMessage message, TimeSpan now)
    {
        if (_current is null)
        {
            return;
        }

        var piece = message.Last;
        _challenge.AddRange(piece.SequenceEqual("+"u8) ? [] : piece);
        if (_challenge.Count > MaxChallenge)
        {
            Abort(SaslStep.Aborted("the server's SASL challenge has no end"));
        }
        else if (piece.Length != PieceLength)
        {
            OnChallenge(now);
        }
    }

    /// <summary>900 to 908, and whatever refuses AUTHENTICATE itself.</summary>
    public void OnNumeric(in IrcMessage message, TimeSpan now)
    {
        switch (message.Numeric)
        {
            case 900:
                state.LoggedIn = true;
                break;
            case 901:
                state.LoggedIn = false;
                break;
            case 903 when _current is { Complete: false }:
                Abort(SaslStep.Aborted($"the server ended {_current.Name} before it had shown that it knows the password", impostor: true));
                break;
            case 903 or 907 when _current is not null:
                state.LoggedIn = state.Options.Sasl!.HasWorked = true;
                Failure = null;
                End();
                break;
            case 904 when _current is not null:
                OnRefused(message, now);
                break;
            case 908 when _current is not null:
                _offered = message.Text(1).Split(',');
                _listed = true;
                _deadline = _begun ? _deadline : now + ListTime;
                break;
            case 902 or 905 or 906 or 421 or 451 or 461 or 462 when _current is not null:
                Fail(IrcState.Reason(message));
                break;
        }
    }

    /// <summary>InspIRCd does not list SASL, or refuses it, as long as its services are away, and does not say when they are back.</summary>
    private void AskAgain(TimeSpan now)
    {
        if (state.LoggedIn || capabilities.Has("sasl"))
        {
            _askAt = TimeSpan.MaxValue;
        }
        else
        {
            _askAt = now + _pause;
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            capabilities.ListAgain();
        }
    }

    private void OnRefused(in IrcMessage message, TimeSpan now)
    {
        var reason = IrcState.Reason(message);
        if (_current!.Proved && _current.ByPassword)
        {
            _passwordRefused = true;
            Fail(reason);
        }
        else
        {
            Next(now, reason);
        }
    }

    /// <summary>The next mechanism that the server has, as far as it has said.</summary>
    /// <param name="reason">Why the one before did not do; null: nothing was refused.</param>
    private void Next(TimeSpan now, string? reason)
    {
        _begun = _listed = false;
        var skipped = new List<string>();
        while (_left.TryDequeue(out _current))
        {
            if (_offered is null || _offered.Contains(_current.Name, StringComparer.OrdinalIgnoreCase))
            {
                _deadline = now + AnswerTime;
                state.Send("AUTHENTICATE", _current.Name);
                return;
            }

            skipped.Add(_current.Name);
        }

        Fail(reason ?? (skipped.Count > 0 ? $"the server offers no SASL {string.Join(" or ", skipped)}"
            : "the server offers no SASL that the configuration has the means for"));
    }

    private void OnChallenge(TimeSpan now)
    {
        // In place: Base64 is never shorter than what it stands for.
        var challenge = _challenge.ToArray();
        _challenge.Clear();
        if (Base64.DecodeFromUtf8InPlace(challenge, out var length) != System.Buffers.OperationStatus.Done)
        {
            Abort(SaslStep.Aborted("the server's SASL challenge is no Base64"));
            return;
        }

        var step = _begun ? _current!.Answer(challenge.AsSpan(0, length))
            : length == 0 ? _current!.Begin()
            : SaslStep.Aborted($"the server begins {_current!.Name} with a challenge, which it has not");
        _begun = true;
        _deadline = now + AnswerTime;
        if (step.Fault is null)
        {
            Send(Convert.ToBase64String(step.Response));
        }
        else
        {
            Abort(step);
        }
    }

    private void Send(string payload)
    {
        for (var at = 0; at < payload.Length; at += PieceLength)
        {
            var piece = payload[at..Math.Min(payload.Length, at + PieceLength)];
            state.Secrets.AddPayload(piece);
            state.Send("AUTHENTICATE", piece);
        }

        if (payload.Length % PieceLength == 0)
        {
            state.Send("AUTHENTICATE", "+");
        }
    }

    private void Abort(in SaslStep step)
    {
        state.Send("AUTHENTICATE", "*");
        Fail(step.Fault!);
        if (step.Impostor)
        {
            state.End(step.Fault!, CloseKind.Refused);
        }
    }

    private void Fail(string reason, CloseKind kind = CloseKind.Refused)
    {
        (Failure, FailureKind) = (reason, kind);
        End();
    }

    private void End()
    {
        _current = null;
        _left.Clear();
        _challenge.Clear();
        _deadline = TimeSpan.MaxValue;
    }
}
