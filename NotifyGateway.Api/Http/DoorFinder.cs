using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using NotifyGateway.Api.Controllers;

namespace NotifyGateway.Api.Http;

/// <summary>Names the doors to MVC. By itself it would look at every type of the program, whose descriptions then stay in memory, and would find none: they are internal.</summary>
internal sealed class DoorFinder : IApplicationFeatureProvider<ControllerFeature>
{
    public static IReadOnlyList<Type> Doors { get; } =
    [
        typeof(ConfigurationController), typeof(ConfiguredHooksController), typeof(DestinationsController), typeof(EventsController),
        typeof(GotifyController), typeof(HealthController), typeof(HookPostController), typeof(HooksController),
        typeof(MessageLinesController), typeof(MessageTextController), typeof(MessagesController), typeof(MetricsController),
        typeof(NotificationController), typeof(NtfyController), typeof(SessionsController), typeof(SummaryController), typeof(WhoamiController),
    ];

    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        foreach (var door in Doors)
        {
            feature.Controllers.Add(door.GetTypeInfo());
        }
    }
}
