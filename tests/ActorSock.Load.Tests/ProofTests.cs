namespace ActorSock.Load.Tests;

public sealed class ProofTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("as-load-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_server_that_stores_what_it_acknowledges_passes()
    {
        await using var server = new LyingServer(Store);

        var result = await Loads.Run(server.Port, _root, "files=200", "duration=off", "size=1..5000");

        result.Complaints.ShouldBeEmpty();
        result.Proof!.Holds.ShouldBeTrue();
        result.Proof.Compared.ShouldBe(200);
    }

    [Fact]
    public async Task A_server_that_stores_nothing_is_found_out()
    {
        await using var server = new LyingServer((_, _) => { });

        var result = await Loads.Run(server.Port, _root, "files=20", "duration=off");

        result.Proof!.Missing.ShouldBe(20);
        result.Complaints.ShouldHaveSingleItem().ShouldStartWith("20 of 20 acknowledged files are not there");
    }

    [Fact]
    public async Task A_server_that_loses_one_file_of_many_is_found_out()
    {
        await using var server = new LyingServer((name, body) =>
        {
            if (!name.EndsWith("017", StringComparison.Ordinal)) Store(name, body);
        });

        var result = await Loads.Run(server.Port, _root, "files=100", "duration=off");

        result.Complaints.ShouldBe(["1 of 100 acknowledged files are not there"]);
        result.Proof!.Examples.ShouldHaveSingleItem().ShouldEndWith("-0000000017 is not there");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(4095)]
    public async Task A_server_that_changes_one_bit_is_found_out(int at)
    {
        await using var server = new LyingServer((name, body) =>
        {
            body[at] ^= 4;
            Store(name, body);
        });

        var result = await Loads.Run(server.Port, _root, "files=20", "duration=off");

        result.Proof!.Different.ShouldBe(20);
        result.Complaints.ShouldBe(["20 of 20 acknowledged files have other bytes"]);
    }

    [Fact]
    public async Task A_server_that_swaps_two_files_is_found_out()
    {
        await using var server = new LyingServer((name, body) => Store(name[..^1] + (char)(name[^1] ^ 1), body));

        var result = await Loads.Run(server.Port, _root, "files=20", "duration=off");

        result.Proof!.Different.ShouldBe(20);
    }

    [Fact]
    public async Task A_server_that_cuts_files_short_is_found_out()
    {
        await using var server = new LyingServer((name, body) => Store(name, body[..^1]));

        var result = await Loads.Run(server.Port, _root, "files=20", "duration=off");

        result.Proof!.Different.ShouldBe(20);
    }

    [Fact]
    public async Task What_is_refused_is_an_error_and_not_looked_for()
    {
        await using var server = new LyingServer(Store, number => number % 4 == 0 ? "507" : "203");

        var result = await Loads.Run(server.Port, _root, "files=100", "duration=off");

        result.Total.Files.ShouldBe(75);
        result.Total.Errors.ShouldBe([new("refused: 507", 25)]);
        result.Total.Latency.Count.ShouldBe(75);
        result.Proof!.Checked.ShouldBe(75);
        result.Complaints.ShouldBe(["25 errors, and 75 files were acknowledged: 25 x refused: 507"]);
    }

    [Fact]
    public async Task Nothing_acknowledged_at_all_is_no_success()
    {
        await using var server = new LyingServer(Store, _ => "500");

        var result = await Loads.Run(server.Port, _root, "files=10", "duration=off");

        result.Complaints.ShouldContain("no file was acknowledged");
    }

    [LinuxFact]
    public async Task A_file_that_cannot_be_read_is_no_success_and_not_the_end_of_the_run()
    {
        // Links to themselves, which nobody can open, whoever he is.
        await using var server = new LyingServer((name, _) => File.CreateSymbolicLink(Path.Combine(_root, name), name));

        var result = await Loads.Run(server.Port, _root, "files=20", "duration=off");

        (result.Proof!.Different, result.Proof.Checked).ShouldBe((20, 20));
        result.Proof.Examples[0].ShouldEndWith(" cannot be read");
    }

    private void Store(string name, byte[] body) => File.WriteAllBytes(Path.Combine(_root, name), body);
}
