using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class HookBodyTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowSenders_DoNotKeepOthersWaiting()
    {
        using var bodies = new HookBody(_time);
        var slow = Enumerable.Range(0, 8).Select(_ => bodies.UseAsync(Request(new Pipe().Reader.AsStream()), 100, Task.FromResult, Token)).ToList();

        var body = await bodies.UseAsync(Request(new MemoryStream([1, 2])), 100, Task.FromResult, Token).WaitAsync(Deadline, Token);

        Assert.Equal([1, 2], body!);
        _time.Advance(TimeSpan.FromSeconds(31));
        foreach (var task in slow)
        {
            Assert.Equal(408, (await Assert.ThrowsAsync<BadHttpRequestException>(() => task)).StatusCode);
        }
    }

    // Alertmanager drops what is answered with 4xx.
    [Fact]
    public async Task WaitingForOthers_IsNotTheSendersFault()
    {
        using var bodies = new HookBody(_time);
        var gate = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = Enumerable.Range(0, 2).Select(_ => bodies.UseAsync(Request(new MemoryStream([1])), 100, _ => gate.Task, Token)).ToList();
        var waiting = bodies.UseAsync(Request(new MemoryStream([1])), 100, _ => gate.Task, Token);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(503, (await Assert.ThrowsAsync<BadHttpRequestException>(() => waiting.WaitAsync(Deadline, Token))).StatusCode);
        gate.SetResult(7);
        Assert.All(await Task.WhenAll(busy), n => Assert.Equal(7, n));
    }

    private static HttpRequest Request(Stream body) => new DefaultHttpContext { Request = { Method = "POST", Body = body } }.Request;
}
