using System.Text;
using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Files that are made durable one by one.</summary>
public sealed class OneByOneSyncTests : IDisposable
{
    private const uint Ext4 = 0xef53, Fuse = 0x65735546, Overlay = 0x794c7630;

    private readonly ScratchRoot _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("6.18.44", Ext4, false)]
    [InlineData("5.8.0", Ext4, false)]
    [InlineData("5.7.19", Ext4, true)]
    [InlineData("4.4.0", Ext4, true)]
    [InlineData("6.18.44", Fuse, true)]
    [InlineData("6.18.44", Overlay, true)]
    public void It_is_needed_where_one_call_for_all_does_not_tell_of_failures(string kernel, uint fileSystem, bool isNeeded) =>
        OneByOneSync.IsNeeded(Version.Parse(kernel), fileSystem).ShouldBe(isNeeded);

    [MountFact]
    public void The_kind_of_the_file_system_is_known_at_the_start()
    {
        using var tmpfs = new TmpFs(_scratch.Beside("plain"), "size=1m");
        foreach (var name in new[] { "lower", "upper", "work" })
            Directory.CreateDirectory(System.IO.Path.Combine(tmpfs.Path, name));
        var options = $"lowerdir={tmpfs.Path}/lower,upperdir={tmpfs.Path}/upper,workdir={tmpfs.Path}/work";
        using var overlay = new TmpFs(_scratch.Beside("face"), options, "overlay");

        using (var volume = LinuxVolume.Open(overlay.Path))
        {
            volume.OneByOne.ShouldNotBeNull();
            volume.Store(Name("a/b"), "x"u8);
            volume.SyncAll();
        }
        using (var volume = LinuxVolume.Open(tmpfs.Path))
            (volume.OneByOne is null).ShouldBe(Environment.OSVersion.Version >= new Version(5, 8));
    }

    [LinuxFact]
    public void Whatever_has_changed_is_synced_with_its_folder_once()
    {
        using var volume = LinuxVolume.Open(_scratch.Path);
        volume.SyncOneByOne();
        foreach (var name in new[] { "a", "b/c", "b/gone", "d/from", "e/removed/x", "f/link" })
            volume.Store(Name(name), Encoding.UTF8.GetBytes(name));
        volume.Rename(Name("d/from"), Name("d2/to"));
        volume.Remove(Name("b/gone"));
        volume.Check(Name("f/link"), 6, null).ShouldBeTrue();
        Directory.Delete(_scratch.Below("e"), recursive: true);
        File.Delete(_scratch.Below("f/link"));
        File.CreateSymbolicLink(_scratch.Below("f/link"), _scratch.Beside("anywhere"));

        volume.OneByOne!.Waiting.Select(name => name.Value).Order(StringComparer.Ordinal)
            .ShouldBe(["a", "b/c", "b/gone", "d/from", "d2/to", "e/removed/x", "f/link"]);
        volume.SyncAll();

        volume.OneByOne.Waiting.ShouldBeEmpty();
        _scratch.Visible().ShouldBe(["a", "b/c", "d2/to", "f/link"]);
    }
}
