using ActorSock.Blocks;

namespace ActorSock.Tests.Blocks;

public sealed class BlockWindowTests : IDisposable
{
    private readonly BlockPool _pool = new(1024 * 1024);
    private readonly BlockWindow _window = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_block_taken_out_goes_back_to_the_pool()
    {
        var block = Add();
        _window.Outstanding.ShouldBe(1);

        _window.Remove(block).ShouldBeTrue();

        _window.Outstanding.ShouldBe(0);
        _pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void Closing_returns_everything_inside()
    {
        for (var i = 0; i < 5; i++)
            Add();

        _window.Close();

        _window.Outstanding.ShouldBe(0);
        _pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void A_closed_window_returns_what_comes_late()
    {
        _window.Close();

        _window.Add(_pool.TryRent(1)!).ShouldBeFalse();

        _pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void Closing_leaves_alone_what_is_being_worked_on()
    {
        var held = Add();
        Add();
        _window.TryHold(held).ShouldBeTrue();

        _window.Close();
        _pool.BlocksOut.ShouldBe(1);
        held.Memory.Span[0] = 1;

        _window.Remove(held).ShouldBeTrue();
        _pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void What_closing_returned_can_neither_be_held_nor_returned_again()
    {
        var block = Add();
        _window.Close();

        _window.TryHold(block).ShouldBeFalse();
        _window.Remove(block).ShouldBeFalse();

        _window.Close();
        _pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void A_block_that_is_not_inside_cannot_be_taken_out()
    {
        var block = Add();
        _window.Remove(block);

        Should.Throw<InvalidOperationException>(() => _window.Remove(block));
    }

    private Block Add()
    {
        var block = _pool.TryRent(1)!;
        _window.Add(block).ShouldBeTrue();
        return block;
    }
}
