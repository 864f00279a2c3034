using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

/// <summary>Loads settings of sources that stand in the test, in a folder of their own.</summary>
internal sealed class Loading : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actorsock-settings-");
    private SettingsSources sources;

    public Loading() => sources = new SettingsSources { WorkingFolder = folder.FullName };

    public void Dispose() => folder.Delete(recursive: true);

    public string PathOf(string file) => Path.Combine(folder.FullName, file);

    public Loading File(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        System.IO.File.WriteAllText(PathOf(name), text);
        return this;
    }

    public Loading Config(string name, string text)
    {
        sources = sources with { Files = [.. sources.Files, name] };
        return File(name, text);
    }

    public Loading MissingConfig(string name)
    {
        sources = sources with { Files = [.. sources.Files, name] };
        return this;
    }

    public Loading Set(params string[] overrides)
    {
        sources = sources with { Overrides = [.. sources.Overrides, .. overrides] };
        return this;
    }

    public Loading Root(string root)
    {
        sources = sources with { Root = root };
        return this;
    }

    public Loading Environment(string name, string value)
    {
        sources = sources with
        {
            Environment = new Dictionary<string, string>(sources.Environment) { [name] = value },
        };
        return this;
    }

    public LoadedSettings Load() => SettingsLoader.Load(sources);

    public NodeSettings Settings => Load().Settings;

    public IReadOnlyList<SettingsProblem> Problems => Should.Throw<SettingsException>(Load).Problems;
}
