namespace NotifyGateway.Api.Http.Hooks;

/// <summary>
/// Reads the bodies of requests to hooks, as they came. Of those that are large, or do not say how large they are, a few are in memory at a time:
/// what is read of a body and made of it is many times its size.
/// </summary>
internal sealed class HookBody(TimeProvider time) : IDisposable
{
    /// <summary>The longest body, in bytes. A push to a forge with many commits has one or two million.</summary>
    public const int Limit = 4 * 1024 * 1024;

    private const int Large = 256 * 1024;
    /// <summary>A sender that is slow must not keep the others waiting.</summary>
    private const int ReadAtOnce = 16;

    private const int UsedAtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _read = new(ReadAtOnce);
    private readonly SemaphoreSlim _used = new(UsedAtOnce);

    public void Dispose()
    {
        _read.Dispose();
        _used.Dispose();
    }

    /// <summary>Reads the body and hands it over.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="use">What is made of it; null is given where it is too long.</param>
    /// <exception cref="BadHttpRequestException">It came too slowly (408), or the others take too long (503).</exception>
    public async Task<T> UseAsync<T>(HttpRequest request, int limit, Func<byte[]?, Task<T>> use, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return await use(null);
        }

        if (HttpMethods.IsGet(request.Method) || request.ContentLength is <= Large)
        {
            return await use(await ReadAsync(request, limit, cancellationToken));
        }

        return await InTurnAsync(
            _read,
            async () =>
            {
                var body = await ReadAsync(request, limit, cancellationToken);
                return await InTurnAsync(_used, () => use(body), cancellationToken);
            },
            cancellationToken);
    }

    private Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken) => PatientlyAsync(
        async token => await BoundedBody.ReadAsync(request, limit, token), StatusCodes.Status408RequestTimeout, "The request came too slowly.", cancellationToken);

    /// <summary>Who has to wait for others is told to come again: what a sender is blamed for (4xx) it drops.</summary>
    private async Task<T> InTurnAsync<T>(SemaphoreSlim turn, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await PatientlyAsync(
            async token =>
            {
                await turn.WaitAsync(token);
                return true;
            },
            StatusCodes.Status503ServiceUnavailable,
            "Too many large requests are in work.",
            cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> work, int status, string fault, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException(fault, status, e);
        }
    }
}
