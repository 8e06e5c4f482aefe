using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Login by a service that has a nick (NickServ). It is addressed by that nick alone, and only when we want to: whoever has the nick could
/// ask for the password, and is not listened to. So IDENTIFY goes out once; again only when it cannot have arrived (401), or when our nick,
/// which some services take for the account, has become ours since.
/// </summary>
internal sealed class IrcServices(IrcState state)
{
    /// <summary>How long joins wait for the login: channels that want it refuse whoever comes before.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>A service that is not there may come back after a netsplit.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    /// <summary>A server that lags says 401 late; what comes later still is about somebody else's message.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private TimeSpan _retry = FirstRetry;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private TimeSpan _retryAt = TimeSpan.MaxValue;
    private TimeSpan _askedUntil = TimeSpan.MinValue;
    private string _words = "";

    /// <summary>The login is asked for, and neither shown nor given up.</summary>
    public bool Pending => _deadline < TimeSpan.MaxValue && !state.LoggedIn;

    /// <summary>Why there is no login yet; null: none was asked for.</summary>
    public string? Failure { get; private set; }

    public TimeSpan WakeAt => _deadline < _retryAt ? _deadline : _retryAt;

    private IrcNickServOptions? Options => state.Options.NickServ;

    /// <summary>Logs in, if there is something to do it with and it is not done.</summary>
    public void Identify(TimeSpan now)
    {
        _retryAt = TimeSpan.MaxValue;
        if (Options is not { } options || state.LoggedIn)
        {
            return;
        }

        _deadline = now + AnswerTime;
        _words = "";
        // Without an account services take the nick for it, and ours may be another one than the account's.
        var account = options.Account ?? (state.HasWantedNick ? null : state.WantedNick);
        Say(account is null ? $"IDENTIFY {options.Password}" : $"IDENTIFY {account} {options.Password}", now);
    }

    /// <summary>Asks the service to free our nick. False when it may not be asked.</summary>
    public bool Demand(string verb, string nick, TimeSpan now)
    {
        if (Options is not { Regain: true } options)
        {
            return false;
        }

        Say($"{verb} {nick} {options.Password}", now);
        return true;
    }

    public void Tick(TimeSpan now)
    {
        if (now >= _deadline)
        {
            _deadline = TimeSpan.MaxValue;
            Failure = string.Create(
                CultureInfo.InvariantCulture, $"{Options!.Service} has not confirmed the login within {AnswerTime.TotalSeconds:0} s{(_words.Length > 0 ? ": " : "")}{_words}");
        }

        if (now >= _retryAt)
        {
            Identify(now);
        }
    }

    /// <summary>401 or 440: nobody has the service's nick. True when that was about what we told it.</summary>
    public bool OnAbsent(in IrcMessage message, TimeSpan now)
    {
        if (now > _askedUntil || !state.Isupport.CaseMapping.Same(message.Text(1), Options!.Service))
        {
            return false;
        }

        _askedUntil = TimeSpan.MinValue;
        _deadline = TimeSpan.MaxValue;
        Failure = $"{Options.Service}: {IrcState.Reason(message)}";
        _retryAt = now + _retry;
        _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
        return true;
    }

    /// <summary>What the service says decides nothing, since it is prose; but people want to read it.</summary>
    public void OnNotice(in IrcMessage message)
    {
        if (Pending && state.IsUs(message.Text(0)) && state.Isupport.CaseMapping.Same(IrcSource.Parse(message.Source).Nick, Options!.Service))
        {
            _words = IrcState.Words(message.Last);
        }
    }

    /// <summary>Our user mode <c>r</c> says on many networks that we are logged in; on some old ones, without services, that we are restricted.</summary>
    public void OnMode(in IrcMessage message)
    {
        if (Options is null || !state.IsUs(message.Text(0)))
        {
            return;
        }

        var adds = true;
        foreach (var flag in message[1])
        {
            adds = flag switch { (byte)'+' => true, (byte)'-' => false, _ => adds };
            state.LoggedIn = flag == (byte)'r' ? adds : state.LoggedIn;
        }
    }

    private void Say(string words, TimeSpan now)
    {
        _askedUntil = now + RefusalTime;
        state.Send("PRIVMSG", Options!.Service, words);
    }
}
