namespace ActorSock.EndToEnd.Tests;

/// <summary>The page of a load test in a real browser.</summary>
public sealed class LoadPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("as-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("chromium")]
    public async Task A_browser_draws_its_plots_and_asks_nobody_for_anything()
    {
        await using var node = await RunningNode.Start();
        var load = await Executable.Run(_folder,
            "load", "--to", $"127.0.0.1:{node.Port}", "--duration", "2500ms", "--rate", "200", "--html", "report.html");
        load.ExitCode.ShouldBe(0, load.Output + load.Error);

        var browser = await Executable.RunProgram("chromium", _folder, "",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", $"--user-data-dir={_folder}/profile", "--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--force-color-profile=srgb", "--window-size=1100,3000", $"--screenshot={_folder}/page.png", $"file://{_folder}/report.html",
        ]);

        browser.ExitCode.ShouldBe(0, browser.Error);
        browser.Error.ShouldNotContain("CONSOLE");
        browser.Error.ShouldNotContain("ERR_NAME_NOT_RESOLVED");
        var page = Picture.Read(Path.Combine(_folder, "page.png"));
        (page.Width, page.Height).ShouldBe((1100, 3000));
        page.Count(0x116329).ShouldBeGreaterThan(20, "the verdict is green");
        // Curves, points and legends of files, p90, p99 and max.
        foreach (var color in (int[])[0x0b62c4, 0xb35900, 0x7a1fa2, 0xb3261e])
            page.Count(color).ShouldBeGreaterThan(50, $"#{color:x6} is drawn");
    }
}
