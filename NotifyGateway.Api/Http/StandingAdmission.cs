using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Http;

/// <summary>Ends a request that lasts, once a configuration comes into force that would not have let it in.</summary>
internal sealed class StandingAdmission : IDisposable
{
    private readonly CurrentConfiguration _configuration;
    private readonly Predicate<ClientDirectory> _stays;
    private readonly CancellationTokenSource _stop;

    // The request ends on one thread while the configuration is replaced on another.
    private readonly Lock _lock = new();
    private bool _over;

    /// <param name="stays">Whether the same request would be let in by these clients.</param>
    /// <param name="stop">Cancelled when not. Must live longer than this.</param>
    public StandingAdmission(CurrentConfiguration configuration, Predicate<ClientDirectory> stays, CancellationTokenSource stop)
    {
        (_configuration, _stays, _stop) = (configuration, stays, stop);
        _configuration.Replaced += Look;

        // It may have been replaced since the request was let in.
        Look(_configuration.State);
    }

    public void Dispose()
    {
        _configuration.Replaced -= Look;
        lock (_lock)
        {
            _over = true;
        }
    }

    private void Look(GatewayState state)
    {
        lock (_lock)
        {
            if (!_over && !_stays(state.Clients))
            {
                _over = true;
                _ = _stop.CancelAsync();
            }
        }
    }
}
