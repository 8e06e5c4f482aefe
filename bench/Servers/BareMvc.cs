using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Bench.Load;

namespace NotifyGateway.Bench.Servers;

/// <summary>The measure for the HTTP figures: the same routes and answers in MVC, but what is posted is only validated and forgotten.</summary>
internal sealed class BareMvc : IDisposable
{
    public BareMvc(string folder, string cpu)
    {
        Directory.CreateDirectory(folder);
        Http = FreePort.Find();
        Process = new ServerProcess(
            "the bare endpoint", cpu, Path.Combine(folder, "bare-mvc.log"), "dotnet", typeof(BareMvc).Assembly.Location, "bare-mvc", $"http://127.0.0.1:{Http}");
        Process.AwaitReady(() => HttpAnswer.Get(Http, "/health/ready") is not null, TimeSpan.FromSeconds(60));
    }

    public ServerProcess Process { get; }

    public int Http { get; }

    /// <summary>Serves until it is told to stop: the other side of the process that the constructor starts.</summary>
    public static void Serve(string url)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.Services.AddControllers();
        var app = builder.Build();
        app.MapControllers();
        app.Run();
    }

    public void Dispose() => Process.Dispose();
}

/// <summary>A message as the native route takes it.</summary>
public sealed record BareMessage([Required, MinLength(1)] IReadOnlyList<string> To, [Required, StringLength(65536, MinimumLength = 1)] string Text);

/// <summary>A message as TwistedPrism's route takes it.</summary>
public sealed record BareNotification([Required, MinLength(1)] string Message, IReadOnlyList<string>? Users, IReadOnlyList<string>? Channels);

/// <summary>The native route's answer, in full: writing it is part of the cost.</summary>
public sealed record BareReceipt(Guid Id, string Status, IReadOnlyList<BareDelivery> Deliveries);

/// <summary>One delivery of that answer.</summary>
public sealed record BareDelivery(Guid Id, string To, string Status, int Attempts, string? Reason, string? Proof, DateTimeOffset? SettledAt);

/// <summary>The routes.</summary>
[ApiController]
public sealed class BareController : ControllerBase
{
    [HttpPost("/api/v1/messages")]
    public IActionResult Post(BareMessage message)
    {
        var id = Guid.CreateVersion7();
        var deliveries = message.To.Select(to => new BareDelivery(Guid.CreateVersion7(), to, "queued", 0, Reason: null, Proof: null, SettledAt: null));
        return Accepted($"/api/v1/messages/{id}", new BareReceipt(id, "queued", [.. deliveries]));
    }

    [HttpPost("/notification/send")]
    public IActionResult Send(BareNotification notification)
    {
        var id = Guid.CreateVersion7();
        Response.Headers.Location = $"/api/v1/messages/{id}";
        Response.Headers["X-Notification-Id"] = id.ToString();
        return new ContentResult { StatusCode = 202, ContentType = "text/plain", Content = notification.Message.Length > 0 ? "message passed to notifiers" : "" };
    }
}
