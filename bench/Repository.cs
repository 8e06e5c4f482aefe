namespace NotifyGateway.Bench;

/// <summary>Finds the built gateway beside this program's own source tree.</summary>
internal static class Repository
{
    public static string GatewayProgram()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NotifyGateway.sln")))
            {
                return Path.Combine(folder.FullName, "NotifyGateway.Api/bin/Release/net10.0/NotifyGateway.Api.dll");
            }
        }

        return "NotifyGateway.Api.dll";
    }
}
