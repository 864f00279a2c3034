using System.Diagnostics;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests;

public sealed class CheckCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actorsock-check-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_shows_every_setting_and_who_overrode_it()
    {
        Write("a.conf", "actorsock.connections.max = 5");

        var (code, output, error) = Check(
            "--config", "a.conf", "--set", "actorsock.transfer.endpoint=[::1]:7", "--root", "@in box");

        code.ShouldBe(0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("actorsock.connections.max = 5  # a.conf:1");
        lines.ShouldContain("actorsock.transfer.endpoint = [::1]:7  # --set");
        lines.ShouldContain("actorsock.files.root = @in box  # --root");
        lines.ShouldContain("actorsock.admin.endpoint = unix:@in box/.actorsock/admin.sock");
        lines.ShouldContain("actorsock.listeners.backlog = 1024");
        error.ShouldBe($"3 of {lines.Length} settings are not the default; log: standard error\n");
    }

    [Fact]
    public void It_writes_JSON_for_programs()
    {
        var (code, output, error) = Check("--json", "--root", "数据");

        code.ShouldBe(0, error);
        var root = JsonDocument.Parse(output).RootElement.EnumerateArray()
            .Single(key => key.GetProperty("key").GetString() == "actorsock.files.root");
        root.GetProperty("value").GetString().ShouldBe("数据");
        root.GetProperty("source").GetString().ShouldBe("--root");
        root.GetProperty("overridden").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void It_tells_all_problems_and_writes_nothing_else()
    {
        var (code, output, error) = Check("--config", "missing.conf",
            "--set", "actorsock.files.rot=x", "--set", "actorsock.connections.max=0");

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([
            "missing.conf: expected a configuration file but there is none",
            "actorsock.files.rot = x (--set): unknown key: did you mean actorsock.files.root?",
            "actorsock.connections.max = 0 (--set): must be a whole number from 1 to 1000000",
        ]);
    }

    [Fact]
    public void What_the_settings_name_must_be_there()
    {
        var (code, output, error) = Check("--set", "actorsock.transfer.challenge=on", "--set", "actorsock.access.keys=nowhere");

        (code, output).ShouldBe((2, ""));
        error.ShouldStartWith("cannot use the keys 'nowhere': it is not there: make it");
    }

    [Fact]
    public void A_log_configuration_that_Serilog_does_not_understand_is_a_problem()
    {
        Write("config/serilog.json", """{ "Serilog": { "Using": [], "WriteTo": ["Nowhere"] } }""");

        var (code, _, error) = Check();

        code.ShouldBe(2);
        error.ShouldStartWith("actorsock.logging.serilog = config/serilog.json: ");
        error.ShouldContain("Nowhere");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--set")]
    [InlineData("argument")]
    public void Misuse_has_its_own_exit_code_and_nothing_on_standard_output(string argument)
    {
        var (code, output, error) = Check(argument);

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain(argument);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private (int Code, string Output, string Error) Check(params string[] arguments)
    {
        // tests/ActorSock.EndToEnd.Tests/bin/Release/net10.0 to src/ActorSock.Cli/bin/Release/net10.0.
        var bin = AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "ActorSock.EndToEnd.Tests"), Path.Combine("src", "ActorSock.Cli"));
        var start = new ProcessStartInfo(Path.Combine(bin, "actorsock"), ["check", .. arguments])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
