namespace NotifyGateway.Fuzz;

internal static class ExitCode
{
    public const int Done = 0;
    public const int Finding = 1;
    public const int Usage = 2;
}
