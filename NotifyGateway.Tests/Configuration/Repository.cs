namespace NotifyGateway.Tests.Configuration;

/// <summary>Files of the source tree.</summary>
internal static class Repository
{
    public static string Read(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "NotifyGateway.sln")))
            {
                return File.ReadAllText(Path.Combine(at.FullName, path));
            }
        }

        throw new FileNotFoundException("The source tree is not above the tests.", path);
    }
}
