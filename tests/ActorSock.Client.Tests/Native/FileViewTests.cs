using System.Diagnostics;
using ActorSock.Client.Native;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Tests.Native;

/// <summary>Files looked at where the system keeps them.</summary>
public sealed class FileViewTests : IDisposable
{
    private const int Block = 100_000, Size = 350_000;

    private readonly TempFolder _here = new();
    private readonly byte[] _content = Clients.Bytes(Size);
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly FileLease _lease;

    public FileViewTests()
    {
        _path = _here.Write("a", _content);
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        _lease = FileLease.Of(_file);
    }

    public void Dispose()
    {
        _file.Dispose();
        _here.Dispose();
    }

    [LeaseFact]
    public void A_block_is_what_is_in_the_file_wherever_it_begins()
    {
        using var view = Show(origin: 4097, Size - 4097);

        foreach (var (position, count) in new[] { (0, Block), (1, 1), (Block, 70_000), (170_000, 12_345) })
        {
            view.TryShow(position, count).ShouldBeTrue();
            view.Offset.ShouldBe(4097 + position);
            view.Memory.ToArray().ShouldBeBytes(_content[(4097 + position)..(4097 + position + count)]);
            view.Hide();
        }
    }

    [LeaseFact]
    public void The_last_block_is_left_to_those_who_read_it()
    {
        using var view = Show(0, Size);

        view.TryShow(Size - Block, Block).ShouldBeFalse();
        view.TryShow(Size - Block - 1, Block).ShouldBeTrue();
    }

    [LeaseFact]
    public void A_file_that_somebody_has_open_to_write_is_not_shown_and_not_looked_at_again()
    {
        using var view = Show(0, Size);
        using (new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) view.TryShow(0, Block).ShouldBeFalse();

        view.TryShow(0, Block).ShouldBeFalse();
    }

    [LeaseFact]
    public void A_file_that_has_become_shorter_is_not_shown()
    {
        using var view = Show(0, Size);
        File.WriteAllBytes(_path, _content[..Block]);

        view.TryShow(50_000, Block).ShouldBeFalse();

        using (new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { } // nobody holds it
    }

    [LeaseFact]
    public async Task Who_would_make_it_shorter_waits_until_nobody_looks_at_it()
    {
        using FileView one = Show(0, Size), other = Show(0, Size);
        one.TryShow(0, Block).ShouldBeTrue();
        other.TryShow(Block, Block).ShouldBeTrue();

        var shortening = Task.Run(() => File.WriteAllBytes(_path, []));
        await UntilWaitedForAsync();
        one.Hide();

        (await IsWaitedForAsync()).ShouldBeTrue();
        other.Memory.ToArray().ShouldBeBytes(_content[Block..(2 * Block)]);
        other.Hide();
        await shortening.WaitAsync(TimeSpan.FromSeconds(30));
        one.TryShow(0, Block).ShouldBeFalse();
    }

    [LeaseFact]
    public async Task Who_waits_comes_next_however_many_take_turns()
    {
        using FileView one = Show(0, Size), other = Show(0, Size);
        one.TryShow(0, Block).ShouldBeTrue();
        var writing = Task.Run(() => File.WriteAllBytes(_path, [1]));
        await UntilWaitedForAsync();

        other.TryShow(Block, Block).ShouldBeFalse();

        one.Hide();
        await writing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [LeaseFact]
    public void Of_one_open_file_there_is_one_lease() => FileLease.Of(_file).ShouldBeSameAs(_lease);

    [LeaseFact]
    public void What_is_on_no_disk_of_this_machine_is_not_held()
    {
        using var file = File.OpenHandle("/proc/version");

        FileLease.Of(file).TryHold().ShouldBeFalse();
    }

    [LeaseFact]
    public void What_is_over_holds_nothing()
    {
        var view = Show(0, Size);
        view.TryShow(0, Block).ShouldBeTrue();

        ((IDisposable)view).Dispose();

        using (new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { }
        view.TryShow(0, Block).ShouldBeFalse();
    }

    private FileView Show(long origin, long bytes) => new(_lease, origin, bytes, Block);

    private static async Task UntilWaitedForAsync()
    {
        for (var patience = Stopwatch.StartNew(); !await IsWaitedForAsync(); await Task.Yield())
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    /// <summary>proc(5): a lease that is being taken away says so.</summary>
    private static async Task<bool> IsWaitedForAsync() =>
        (await File.ReadAllLinesAsync("/proc/locks")).Any(line => line.Contains("BREAKING") && line.Contains($" {Environment.ProcessId} "));
}

/// <summary>Where files can be held.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LeaseFactAttribute : FactAttribute
{
    public LeaseFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !CanHold()) Skip = "no leases here";
    }

    private static bool CanHold()
    {
        using var here = new TempFolder();
        using var file = File.OpenHandle(here.Write("a", [1]));
        var lease = FileLease.Of(file);
        if (!lease.TryHold()) return false;
        lease.Release();
        return true;
    }
}
