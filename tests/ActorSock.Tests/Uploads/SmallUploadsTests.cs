using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Tests.Settings;
using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock.Tests.Uploads;

/// <summary>Small uploads by one word, as their threads come by one another.</summary>
public sealed class SmallUploadsTests : IDisposable
{
    private static readonly UploadKey s_key = new("", "u");
    private static readonly UploadTerms s_terms = new(TestUpload.NameOf("a"), 5, null, InParts: false);

    private readonly Loading _loading = new();
    private readonly SmallUploads _uploads;
    private readonly List<string> _taken = [];

    public SmallUploadsTests() => _uploads = new UploadsDoor(new Allowance(0), _loading.Settings.Files, TimeProvider.System).Small;

    public void Dispose() => _loading.Dispose();

    [Fact]
    public async Task The_journal_has_the_older_before_the_newer_may_go()
    {
        var older = _uploads.Begin(s_key, s_terms, new Verdict());
        var isGoing = Task.CompletedTask;
        using ManualResetEventSlim newerIsThere = new(), newerHasGone = new();

        _uploads.TryGo(older, () =>
        {
            isGoing = Task.Run(() =>
            {
                newerIsThere.Set();
                _uploads.TryGo(_uploads.Begin(s_key, s_terms, new Verdict()), () => _taken.Add("newer")).ShouldBeTrue();
                newerHasGone.Set();
            });
            newerIsThere.Wait();
            newerHasGone.Wait(TimeSpan.FromMilliseconds(50)).ShouldBeFalse("it would be taken first");
            _taken.Add("older");
        }).ShouldBeTrue();
        await isGoing;

        _taken.ShouldBe(["older", "newer"]);
    }

    [Fact]
    public void What_was_stored_while_the_newer_came_is_remembered_when_that_is_refused_for_its_name()
    {
        var (first, second, third) = (new Verdict(), new Verdict(), new Verdict());
        var older = Go(first);
        var newer = Go(second);
        var newest = Go(third);

        first.Said = new Verdict.Outcome.Stored(s_terms.Name, 5, default, default);
        older.Settle();
        foreach (var (upload, verdict) in new[] { (newer, second), (newest, third) })
        {
            verdict.Said = new Verdict.Outcome.Refused(new Refusal(Rejection.Exists, ""), null);
            upload.Settle();
        }

        _uploads.Ask(s_key, s_terms, out _).ShouldBe(newest);
        newest.Stored.ShouldNotBeNull().Size.ShouldBe(5);
    }

    private SmallUpload Go(Verdict verdict)
    {
        var upload = _uploads.Begin(s_key, s_terms, verdict);
        _uploads.TryGo(upload, static () => { }).ShouldBeTrue();
        return upload;
    }
}
