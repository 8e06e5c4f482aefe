using System.Net;

namespace NotifyGateway.Bench.Servers;

/// <summary>What speaks irkerd's language and relays to IRC: the gateway and its rival.</summary>
internal interface IRelay : IDisposable
{
    ServerProcess Process { get; }

    /// <summary>Where TCP connections and datagrams go.</summary>
    IPEndPoint Irker { get; }

    /// <summary>From the start of the process until it served, in milliseconds.</summary>
    double ReadyAfter { get; }
}
