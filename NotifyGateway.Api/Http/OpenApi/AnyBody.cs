using System.ComponentModel;

namespace NotifyGateway.Api.Http.OpenApi;

/// <summary>Whatever a program posts to a hook, for the OpenAPI document.</summary>
[Description("Any JSON value; most programs post an object.")]
internal sealed record AnyBody;
