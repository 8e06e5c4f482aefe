namespace NotifyGateway.Api.Cli;

/// <summary>What the process says when it ends; the numbers above 2 are those of sysexits.h.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A message was not delivered everywhere.</summary>
    public const int NotDelivered = 1;

    /// <summary>The gateway that was asked is not ready.</summary>
    public const int NotReady = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Usage = 2;

    /// <summary>EX_DATAERR: a file is not what it was said to be.</summary>
    public const int InputUnusable = 65;

    /// <summary>EX_NOINPUT: a file is not there or cannot be read.</summary>
    public const int InputUnreadable = 66;

    /// <summary>EX_UNAVAILABLE: an address cannot be listened to.</summary>
    public const int AddressUnavailable = 69;

    /// <summary>EX_IOERR: the outbox's file cannot be used.</summary>
    public const int OutboxUnusable = 74;

    /// <summary>EX_CONFIG: the configuration is invalid.</summary>
    public const int InvalidConfiguration = 78;
}
