using System.Diagnostics;
using System.Runtime.Versioning;
using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Opening a root, holding it, and cleaning up after a crash.</summary>
[Collection(StartsPrograms.Name)]
public sealed class RootTests : IDisposable
{
    private readonly ScratchRoot _scratch = new("new/deep/inbox");

    public static TheoryData<bool> Volumes => PublishTests.Volumes;

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void A_missing_root_is_made_with_the_nodes_own_folder_in_it(bool portable)
    {
        using var root = _scratch.Open(portable);

        Directory.Exists(_scratch.Staging).ShouldBeTrue();
        root.FreeBytes.ShouldBeGreaterThan(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_scratch.Below(".actorsock"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void The_nodes_own_folder_is_closed_to_others_when_somebody_opened_it()
    {
        _scratch.Open().Dispose();
        File.SetUnixFileMode(_scratch.Below(".actorsock"), (UnixFileMode)0x1FF);

        _scratch.Open().Dispose();

        File.GetUnixFileMode(_scratch.Below(".actorsock"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_root_that_is_a_file_is_refused(bool portable)
    {
        Directory.CreateDirectory(_scratch.Beside("new/deep"));
        File.WriteAllText(_scratch.Path, "a file");

        var refused = Should.Throw<StorageException>(() => _scratch.Open(portable));

        refused.Fault.ShouldBe(StorageFault.NameTaken);
        refused.Message.ShouldStartWith($"cannot use '{_scratch.Path}' as the root of files: it");
        refused.Message.ShouldEndWith("is a file, not a folder: set actorsock.files.root to a folder");
    }

    [LinuxFact]
    public void A_root_below_a_file_is_refused()
    {
        File.WriteAllText(_scratch.Beside("new"), "a file");

        Should.Throw<StorageException>(() => _scratch.Open()).Fault.ShouldBe(StorageFault.NameTaken);
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void A_root_without_permission_is_refused()
    {
        Directory.CreateDirectory(_scratch.Path);
        File.SetUnixFileMode(_scratch.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _scratch.LetEverybodyIn();

        var refused = Should.Throw<StorageException>(() => AsNobody.Run(() => _scratch.Open()));

        refused.Fault.ShouldBe(StorageFault.Denied);
        refused.Message.ShouldBe($"cannot use '{_scratch.Path}' as the root of files: no permission: "
            + "give the server's user the right to write there");
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void A_root_that_takes_no_names_is_refused_at_once_and_not_by_the_first_upload()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() => _scratch.Open().Dispose());
        File.SetUnixFileMode(_scratch.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Should.Throw<StorageException>(() => AsNobody.Run(() => _scratch.Open()))
            .Fault.ShouldBe(StorageFault.Denied);
    }

    [MountFact]
    public void A_read_only_root_is_refused()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        disk.MakeReadOnly();

        var refused = Should.Throw<StorageException>(() => _scratch.Open());

        refused.Fault.ShouldBe(StorageFault.ReadOnly);
        refused.Message.ShouldBe($"cannot use '{_scratch.Path}' as the root of files: the file system is "
            + "read-only: mount it writable or set actorsock.files.root");
    }

    [MountFact]
    public void A_root_that_became_read_only_between_two_runs_is_refused()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        _scratch.Open().Dispose();
        disk.MakeReadOnly();

        Should.Throw<StorageException>(() => _scratch.Open()).Fault.ShouldBe(StorageFault.ReadOnly);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_second_node_on_one_root_is_refused(bool portable)
    {
        using var root = _scratch.Open(portable);

        var refused = Should.Throw<StorageException>(() => _scratch.Open(portable));

        refused.Fault.ShouldBe(StorageFault.InUse);
        refused.Message.ShouldEndWith(
            " holds it: stop that node or set actorsock.files.root to another folder");
        if (!portable)
            refused.Message.ShouldContain($"process {Environment.ProcessId} holds it");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_closed_root_can_be_opened_again(bool portable)
    {
        _scratch.Open(portable).Dispose();

        Should.NotThrow(() => _scratch.Open(portable).Dispose());
    }

    [LinuxFact]
    public void The_lock_of_a_killed_process_is_taken_over()
    {
        _scratch.Open().Dispose();
        var lockFile = _scratch.Below(".actorsock/lock");
        var script = $"exec 9>>'{lockFile}'; flock -x 9; echo $$ > '{lockFile}'; echo held; read -r line";
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        other.StandardOutput.ReadLine().ShouldBe("held");

        Should.Throw<StorageException>(() => _scratch.Open())
            .Message.ShouldContain($"process {other.Id} holds it");
        other.Kill();
        other.WaitForExit();

        Should.NotThrow(() => _scratch.Open().Dispose());
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_refused_open_holds_nothing(bool portable)
    {
        _scratch.Open(portable).Dispose();
        Directory.Delete(_scratch.Staging);
        File.WriteAllText(_scratch.Staging, "in the way");
        Should.Throw<StorageException>(() => _scratch.Open(portable));
        File.Delete(_scratch.Staging);

        Should.NotThrow(() => _scratch.Open(portable).Dispose());
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Parts_left_by_a_crash_are_removed(bool portable)
    {
        Crash(portable, "a", 100);
        Crash(portable, "b", 50);
        using var root = _scratch.Open(portable);

        root.Recover().ShouldBe(new Recovered(2, 150, 0, 0));

        _scratch.Parts().ShouldBeEmpty();
        root.Recover().ShouldBe(new Recovered(0, 0, 0, 0));
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Parts_younger_than_the_rule_are_kept_until_they_are_not(bool portable)
    {
        _scratch.Settings = _scratch.Settings with { KeepParts = TimeSpan.FromHours(1) };
        Crash(portable, "a", 100);
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(_scratch.Parts()[0]));

        using (var root = _scratch.Open(portable, new FixedTime(written + TimeSpan.FromMinutes(59))))
            root.Recover().ShouldBe(new Recovered(0, 0, 1, 100));
        using (var root = _scratch.Open(portable, new FixedTime(written + TimeSpan.FromMinutes(61))))
            root.Recover().ShouldBe(new Recovered(1, 100, 0, 0));

        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_broken_upload_keeps_its_part_when_the_rule_says_so(bool portable)
    {
        _scratch.Settings = _scratch.Settings with { KeepParts = TimeSpan.FromHours(1) };
        using var root = _scratch.Open(portable);

        using (var file = root.Create("c-1", Name("a"), 10_000_000))
            file.Write(new byte[1_500_000]);
        using (root.Create("c-2", Name("b"), 10))
        {
            // nothing came: nothing is worth keeping
        }

        new FileInfo(_scratch.Parts().ShouldHaveSingleItem()).Length.ShouldBe(1_500_000);
        root.Recover().ShouldBe(new Recovered(0, 0, 1, 1_500_000));
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Recovery_beside_running_uploads_leaves_them_alone(bool portable)
    {
        using var root = _scratch.Open(portable);
        using var growing = root.Create("c-1", Name("a"), 10);
        growing.Write("ab"u8);

        root.Recover().ShouldBe(new Recovered(0, 0, 0, 0));

        root.Publish(growing);
        _scratch.Visible().ShouldBe(["a"]);
    }

    /// <summary>Leaves a part behind as a killed process does: neither published nor abandoned.</summary>
    private void Crash(bool portable, string name, int bytes)
    {
        using var root = _scratch.Open(portable);
        var file = root.Create("c-1", Name(name), bytes);
        file.Write(new byte[bytes]);
    }
}
