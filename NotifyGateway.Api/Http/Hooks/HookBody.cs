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
    private const int LargeAtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _large = new(LargeAtOnce);

    public void Dispose() => _large.Dispose();

    /// <summary>Reads the body and hands it over.</summary>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="use">What is made of it; null is given where it is too long.</param>
    /// <exception cref="BadHttpRequestException">It came too slowly.</exception>
    public async Task<T> UseAsync<T>(HttpRequest request, int limit, Func<byte[]?, Task<T>> use, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return await use(null);
        }

        var isLarge = !HttpMethods.IsGet(request.Method) && request.ContentLength is (null or > Large);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var isIn = false;
        try
        {
            if (isLarge)
            {
                await _large.WaitAsync(either.Token);
                isIn = true;
            }

            return await use(await BoundedBody.ReadAsync(request, limit, either.Token));
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The request came too slowly.", StatusCodes.Status408RequestTimeout, e);
        }
        finally
        {
            if (isIn)
            {
                _large.Release();
            }
        }
    }
}
