using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>What becomes of a part file, on Linux's own calls and on the portable ones.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();

    public static TheoryData<bool> Volumes => OperatingSystem.IsLinux() ? [false, true] : [true];

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void A_published_file_has_exactly_the_bytes_written(bool portable)
    {
        using var root = Open(portable);
        var bytes = Enumerable.Range(0, 3_000_001).Select(i => (byte)(i * 7)).ToArray();

        using (var file = root.Create("c-1", Name("数据/a b.bin"), bytes.Length))
        {
            foreach (var chunk in bytes.Chunk(64 * 1024 + 1))
                file.Write(chunk);
            _scratch.Visible().ShouldBeEmpty();
            file.Publish();
        }

        File.ReadAllBytes(_scratch.Below("数据/a b.bin")).ShouldBe(bytes);
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void An_abandoned_file_leaves_nothing(bool portable)
    {
        using var root = Open(portable);

        using (var file = root.Create("c-1", Name("a/b.bin"), 100))
            file.Write(new byte[50]);

        _scratch.Visible().ShouldBeEmpty();
        _scratch.Parts().ShouldBeEmpty();
    }

    private FileRoot Open(bool portable)
    {
        var settings = _scratch.Settings;
        IVolume volume = portable ? PortableVolume.Open(settings.Root) : LinuxVolume.Open(settings.Root);
        return new FileRoot(volume, settings, TimeProvider.System);
    }
}
