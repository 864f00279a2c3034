using ActorSock.Blocks;

namespace ActorSock.Tests.Limits;

public sealed class ShareTests
{
    [Fact]
    public void A_few_bytes_are_free_and_those_beyond_are_taken_from_the_allowance()
    {
        var allowance = new Allowance(100);
        var share = new Share(allowance, freeBytes: 10);

        share.TryHave(10).ShouldBeTrue();
        allowance.BytesTaken.ShouldBe(0);
        share.TryHave(111).ShouldBeFalse();
        allowance.BytesTaken.ShouldBe(0);
        share.TryHave(110).ShouldBeTrue();
        allowance.BytesTaken.ShouldBe(100);
        share.TryHave(50).ShouldBeTrue();
        allowance.BytesTaken.ShouldBe(100);
    }

    [Fact]
    public void What_is_not_kept_goes_back_once()
    {
        var allowance = new Allowance(100);
        var share = new Share(allowance, freeBytes: 10);
        var other = new Share(allowance, freeBytes: 0);
        share.TryHave(60).ShouldBeTrue();
        other.TryHave(40).ShouldBeTrue();

        share.KeepOnly(70);
        allowance.BytesTaken.ShouldBe(90);
        share.KeepOnly(30);
        allowance.BytesTaken.ShouldBe(60);
        share.KeepOnly(0);
        share.KeepOnly(0);
        allowance.BytesTaken.ShouldBe(40);
        share.TryHave(71).ShouldBeFalse();
        share.TryHave(70).ShouldBeTrue();
    }
}
