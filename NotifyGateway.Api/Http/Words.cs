using NotifyGateway.Core;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Http;

/// <summary>How the API spells the gateway's vocabulary.</summary>
internal static class Words
{
    public static string Of(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Queued => "queued",
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.Failed => "failed",
        DeliveryStatus.Expired => "expired",
        _ => "cancelled",
    };

    public static string Of(MessageStatus status) => status switch
    {
        MessageStatus.Queued => "queued",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Failed => "failed",
        MessageStatus.Partial => "partial",
        MessageStatus.Expired => "expired",
        _ => "cancelled",
    };

    public static string? Of(Proof proof) => proof switch
    {
        Proof.Echo => "echo",
        Proof.Pong => "pong",
        Proof.Ack => "ack",
        Proof.Reflection => "reflection",
        Proof.Exit => "exit",
        _ => null,
    };

    public static string Of(Severity severity) => severity switch
    {
        Severity.Success => "success",
        Severity.Warning => "warning",
        Severity.Error => "error",
        _ => "info",
    };

    public static string Of(Markup markup) => markup switch
    {
        Markup.Slack => "slack",
        Markup.Markdown => "markdown",
        _ => "plain",
    };

    public static string Of(SessionState state) => state switch
    {
        SessionState.Connecting => "connecting",
        SessionState.Online => "online",
        SessionState.Waiting => "waiting",
        SessionState.Faulted => "faulted",
        _ => "idle",
    };

    public static string Of(ChannelState state) => state switch
    {
        ChannelState.Joined => "joined",
        ChannelState.Parked => "parked",
        _ => "joining",
    };

    public static string Of(DestinationKind kind) => kind switch
    {
        DestinationKind.Channel => "channel",
        DestinationKind.User => "user",
        DestinationKind.Room => "room",
        DestinationKind.Program => "program",
        DestinationKind.Log => "log",
        DestinationKind.Alias => "alias",
        _ => "undecided",
    };

    public static MessageStatus? ToMessageStatus(string word) => word switch
    {
        "queued" => MessageStatus.Queued,
        "delivered" => MessageStatus.Delivered,
        "failed" => MessageStatus.Failed,
        "partial" => MessageStatus.Partial,
        "expired" => MessageStatus.Expired,
        "cancelled" => MessageStatus.Cancelled,
        _ => null,
    };
}
