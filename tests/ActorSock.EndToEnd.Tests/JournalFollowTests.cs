using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorSock.EndToEnd.Tests;

public sealed class JournalFollowTests : IDisposable
{
    private const int SigInt = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HandMadeJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task Follow_shows_the_last_records_and_each_that_comes_across_files_until_Ctrl_C()
    {
        for (var i = 1; i <= 5; i++)
            _journal.Add($"{i}");
        using var follow = Follow("--last", "2", "--json");

        (await NextLine(follow)).ShouldBe(_journal.Lines[3]);
        (await NextLine(follow)).ShouldBe(_journal.Lines[4]);
        for (var i = 5; i < 12; i++)
        {
            if (i % 3 == 0)
                _journal.BeginFile();
            _journal.Add($"{i}");
            (await NextLine(follow)).ShouldBe(_journal.Lines[i]);
        }

        kill(follow.Id, SigInt).ShouldBe(0);
        await follow.WaitForExitAsync().WaitAsync(s_patience);
        follow.ExitCode.ShouldBe(130);
        (await follow.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
        (await follow.StandardError.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_waits_for_the_first_record()
    {
        using var follow = Follow("--json");
        var line = NextLine(follow);

        _journal.Add("a");

        (await line).ShouldBe(_journal.Lines[0]);
        follow.Kill();
    }

    [Fact]
    public async Task A_line_is_shown_when_it_is_whole()
    {
        _journal.Add("a");
        using var follow = Follow("--json");
        (await NextLine(follow)).ShouldBe(_journal.Lines[0]);
        _journal.Add("b");
        var (file, whole) = TheFile();
        (await NextLine(follow)).ShouldBe(_journal.Lines[1]);

        _journal.AppendRaw("{\"seq\":3,\"ti");
        var line = NextLine(follow);
        File.WriteAllText(file, whole);
        _journal.Add("c");

        (await line).ShouldBe(_journal.Lines[2]);
        follow.Kill();
    }

    [Fact]
    public async Task Follow_ends_when_nobody_reads_it_although_nothing_comes()
    {
        _journal.Add("a");
        using var follow = Follow();
        (await NextLine(follow)).ShouldEndWith(" a");

        follow.StandardOutput.Close();

        await follow.WaitForExitAsync().WaitAsync(s_patience);
        follow.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_long_list_ends_when_nobody_reads_it()
    {
        for (var i = 0; i < 2000; i++)
            _journal.Add($"{i}");
        using var list = Executable.Begin(Executable.Path, _journal.Folder, "journal", "list", "--json");
        await list.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

        list.StandardOutput.Close();

        await list.WaitForExitAsync().WaitAsync(s_patience);
        list.ExitCode.ShouldBe(0);
        (await list.StandardError.ReadToEndAsync()).ShouldBeEmpty();
    }

    private Process Follow(params string[] args) =>
        Executable.Begin(Executable.Path, _journal.Folder, ["journal", "follow", .. args]);

    private static async Task<string?> NextLine(Process process) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

    private (string File, string Whole) TheFile()
    {
        var file = Directory.GetFiles(_journal.Journal).ShouldHaveSingleItem();
        return (file, File.ReadAllText(file));
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
