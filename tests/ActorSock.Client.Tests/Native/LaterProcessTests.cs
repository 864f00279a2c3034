using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What a process that was interrupted leaves, another goes on with.</summary>
public sealed class LaterProcessTests : IDisposable
{
    private const int Large = 3_000_000, Half = 1_500_000;

    private readonly TempFolder _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task An_upload_goes_on_in_another_client_and_its_note_goes_when_it_is_stored()
    {
        await using var node = new PaperNode();
        var path = _here.Write("a", Clients.Bytes(Large));
        node.Fail<NativeRequest.Put>(new Fault.CutInBody(Half));
        await Should.ThrowAsync<NodeLostException>(PutAsync(node, path));
        Directory.GetFiles(_here.At("notes")).Length.ShouldBe(1);

        await PutAsync(node, path);

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
        node.Heard.Count(heard => heard.StartsWith("put a 0+", StringComparison.Ordinal)).ShouldBe(1);
        Directory.GetFiles(_here.At("notes")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, "deleted")]
    [InlineData(1, "replaced")]
    [InlineData(1, "by as many")]
    [InlineData(1, "there")]
    [InlineData(2, "deleted")]
    [InlineData(2, "by as many")]
    [InlineData(2, "there")]
    public async Task What_was_stored_without_a_word_is_looked_at_before_it_is_believed(int partsAtOnce, string meanwhile)
    {
        await using var node = new PaperNode();
        var path = _here.Write("a", Clients.Bytes(Large));
        var options = new PutOptions { PartsAtOnce = partsAtOnce, PartBytes = 4096 * 100 };
        if (partsAtOnce == 1) node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());
        else node.Fail<NativeRequest.Join>(new Fault.CutBeforeReply());
        await Should.ThrowAsync<NodeLostException>(PutAsync(node, path, options));
        if (meanwhile == "deleted") node.Files.Clear();
        if (meanwhile == "replaced") node.Files["a"] = PaperFile.Of([1, 2, 3]);
        if (meanwhile == "by as many") node.Files["a"] = PaperFile.Of(new byte[Large]);
        var before = node.Heard.Length;

        await PutAsync(node, path, options);

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
        if (meanwhile == "there") node.Heard.Skip(before).ShouldBe(["resume a", "stat a"]);
        Directory.GetFiles(_here.At("notes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_that_will_not_change_leaves_no_note()
    {
        await using var node = new PaperNode();
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.UploadDiffers));

        await Should.ThrowAsync<NodeRefusedException>(PutAsync(node, _here.Write("a", Clients.Bytes(Large))));

        Directory.GetFiles(_here.At("notes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_no_note_can_be_kept_files_are_sent_all_the_same()
    {
        await using var node = new PaperNode();
        _here.Write("notes", [1]);

        await PutAsync(node, _here.Write("a", Clients.Bytes(Large)));

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
    }

    [Fact]
    public async Task A_download_goes_on_in_another_client()
    {
        await using var node = new PaperNode();
        node.Files["a"] = PaperFile.Of(Clients.Bytes(Large));
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(Half));
        await Should.ThrowAsync<NodeLostException>(GetAsync(node));
        var part = new FileInfo(Directory.GetFiles(_here.Path).ShouldHaveSingleItem()).Length;
        part.ShouldBeGreaterThan(0);

        await GetAsync(node);

        Directory.GetFiles(_here.Path).ShouldBe([_here.At("back")]);
        File.ReadAllBytes(_here.At("back")).ShouldBeBytes(Clients.Bytes(Large));
        node.Heard.ShouldContain($"get a {part}");
    }

    [Fact]
    public async Task A_part_of_another_version_is_no_beginning()
    {
        await using var node = new PaperNode();
        node.Files["a"] = PaperFile.Of(new byte[Large]);
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(Half));
        await Should.ThrowAsync<NodeLostException>(GetAsync(node));
        node.Files["a"] = PaperFile.Of(Clients.Bytes(Large));

        await GetAsync(node);

        Directory.GetFiles(_here.Path).ShouldBe([_here.At("back")]);
        File.ReadAllBytes(_here.At("back")).ShouldBeBytes(Clients.Bytes(Large));
    }

    [Fact]
    public async Task A_folder_is_looked_through_once_for_what_was_begun_in_it()
    {
        var begun = new BegunDownloads();
        string Part(char file, char version) => _here.Write($".actorsock-{new string(file, 32)}-{new string(version, 32)}.part", []);
        string Stem(char file) => $".actorsock-{new string(file, 32)}-";
        var (one, two, other) = (Part('a', '1'), Part('a', '2'), Part('b', '1'));

        begun.RemoveOthers(_here.Path, Stem('a'), two);
        Directory.GetFiles(_here.Path).Order(StringComparer.Ordinal).ShouldBe([two, other]);
        // What comes from elsewhere afterwards is seen by the next run, what came from here at once.
        var late = Part('c', '1');
        begun.RemoveOthers(_here.Path, Stem('c'), Part('c', '2'));
        begun.RemoveOthers(_here.Path, Stem('a'), Part('a', '3'));

        File.Exists(one).ShouldBeFalse();
        File.Exists(two).ShouldBeFalse();
        File.Exists(late).ShouldBeTrue();
    }

    [Fact]
    public async Task A_part_that_somebody_has_written_into_is_found_out_and_removed()
    {
        await using var node = new PaperNode();
        node.Files["a"] = PaperFile.Of(Clients.Bytes(Large));
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(Half));
        await Should.ThrowAsync<NodeLostException>(GetAsync(node));
        var part = Directory.GetFiles(_here.Path).Single();
        File.WriteAllBytes(part, new byte[new FileInfo(part).Length]);

        await Should.ThrowAsync<DigestDiffersException>(GetAsync(node));

        Directory.GetFiles(_here.Path).ShouldBeEmpty();
    }

    private async Task PutAsync(PaperNode node, string path, PutOptions? how = null)
    {
        await using var client = Clients.Of(node, options => options with { Retry = RetryOptions.None });
        await new PendingUploads(_here.At("notes")).PutFileAsync(client, path, "a", how);
    }

    private async Task GetAsync(PaperNode node)
    {
        await using var client = Clients.Of(node, options => options with { Retry = RetryOptions.None });
        await client.ResumeFileAsync("a", _here.At("back"));
    }
}
