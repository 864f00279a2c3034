using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorSock.Digests.Tests;

public sealed class OtherProcessorsTests
{
    [Theory]
    [InlineData(null, Md5Width.Sixteen)]
    [InlineData("EnableAVX512", Md5Width.Eight)]
    [InlineData("EnableAVX2", Md5Width.Four)]
    [InlineData("EnableHWIntrinsic", Md5Width.One)]
    public async Task Processors_with_and_without_wide_instructions_compute_the_same(string? without, Md5Width widest)
    {
        if (widest > Md5Lanes.Widest) widest = Md5Lanes.Widest;
        var start = new ProcessStartInfo(Dotnet, [typeof(Program).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (without is not null) start.Environment[$"DOTNET_{without}"] = "0";

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        (await complained).ShouldBe("");
        (await said).ShouldStartWith($"widest {widest}{Environment.NewLine}");
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>The program that runs the runtime of this process: a test host need not be it.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(),
        "../../..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
