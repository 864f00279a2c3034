using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Tests.Files;

/// <summary>Gives a test a folder of its own and a root inside it, and removes both.</summary>
internal sealed class ScratchRoot : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("actorsock-");

    public ScratchRoot() : this("inbox")
    {
    }

    /// <param name="root">The root's path in the folder of the test.</param>
    public ScratchRoot(string root)
    {
        Path = Beside(root);
        Settings = new FilesSettings
        {
            Root = Path,
            Threads = 1,
            SmallBytesMax = 64 << 10,
            DirectBytesMin = 1 << 20,
            PreallocateBytes = 1 << 20,
            FreeBytesMin = 0,
            KeepParts = TimeSpan.Zero,
            KeepUploads = TimeSpan.FromHours(24),
            KeptUploadsMax = 10_000,
            KeptBytesMax = 1L << 40,
            CheckpointBytes = 64 << 20,
            CheckpointInterval = TimeSpan.FromSeconds(10),
            TakeoverLimit = TimeSpan.FromSeconds(30),
            NameBytesMax = 1024,
        };
    }

    public string Path { get; }

    public string Staging => Below(".actorsock/staging");

    public FilesSettings Settings { get; set; }

    public FileRoot Open(bool portable = false, TimeProvider? time = null)
    {
        if (!portable)
            return FileRoot.Open(Settings, time ?? TimeProvider.System);
        return new FileRoot(PortableVolume.Open(Path), Settings, time ?? TimeProvider.System);
    }

    public void LetEverybodyIn()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_scratch.FullName, (UnixFileMode)0x1FF);
    }

    /// <summary>A path next to the root, outside of it.</summary>
    public string Beside(string name) => System.IO.Path.Combine(_scratch.FullName, name);

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>All files that peers can see, relative to the root.</summary>
    public string[] Visible() =>
        [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(Path, f))
            .Where(f => !f.StartsWith(".actorsock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public string[] Parts() => Directory.GetFiles(Staging);

    public void Dispose() => _scratch.Delete(recursive: true);

    public static FileName Name(string raw) =>
        FileName.TryConfine(raw, 1024, out var name, out var why) ? name : throw new ArgumentException(why);
}
