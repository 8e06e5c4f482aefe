using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Notices a silent server: after the interval without a byte it is asked for a sign of life, and has the timeout to give it.</summary>
internal sealed class IrcKeepalive(IrcState state)
{
    private TimeSpan _heard;
    private TimeSpan? _asked;

    public TimeSpan WakeAt => _asked is { } asked ? asked + state.Options.PingTimeout : _heard + state.Options.PingInterval;

    public void OnHeard(TimeSpan now)
    {
        _heard = now;
        _asked = null;
    }

    public void Tick(TimeSpan now)
    {
        if (now < WakeAt)
        {
            return;
        }

        if (_asked is null)
        {
            _asked = now;
            state.SendBarrier();
        }
        else
        {
            var silence = (now - _heard).TotalSeconds;
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server was silent for {silence:0} s"), CloseKind.Lost);
        }
    }
}
