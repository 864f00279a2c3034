using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class ConversionTests
{
    [Theory]
    [InlineData("10", 10 * TimeSpan.TicksPerMillisecond)]
    [InlineData("10ms", 10 * TimeSpan.TicksPerMillisecond)]
    [InlineData("10 milliseconds", 10 * TimeSpan.TicksPerMillisecond)]
    [InlineData(" 10  s ", 10 * TimeSpan.TicksPerSecond)]
    [InlineData("1 second", TimeSpan.TicksPerSecond)]
    [InlineData("1.5h", 90 * TimeSpan.TicksPerMinute)]
    [InlineData("5 minutes", 5 * TimeSpan.TicksPerMinute)]
    [InlineData("5m", 5 * TimeSpan.TicksPerMinute)]
    [InlineData("7d", 7 * TimeSpan.TicksPerDay)]
    [InlineData("3us", 3 * TimeSpan.TicksPerMicrosecond)]
    [InlineData("200ns", 2L)]
    [InlineData("149 nanos", 1L)]
    [InlineData("0", 0L)]
    [InlineData("-1s", -TimeSpan.TicksPerSecond)]
    [InlineData("1e3ms", TimeSpan.TicksPerSecond)]
    public void Durations_have_units(string text, long ticks)
    {
        HoconConversions.TryParseDuration(text, out var duration).ShouldBeTrue();

        duration.Ticks.ShouldBe(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10S")]
    [InlineData("10 Seconds")]
    [InlineData("10 weeks")]
    [InlineData("10s 5ms")]
    [InlineData("1,5s")]
    [InlineData("ten")]
    [InlineData("0x10")]
    [InlineData("100000000d")]
    [InlineData("79228162514264337593543950335d")]
    [InlineData(null)]
    public void What_is_no_duration_is_not_taken_for_one(string? text) =>
        HoconConversions.TryParseDuration(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("512B", 512L)]
    [InlineData("1 byte", 1L)]
    [InlineData("10kB", 10_000L)]
    [InlineData("10K", 10_240L)]
    [InlineData("10k", 10_240L)]
    [InlineData("64KiB", 65_536L)]
    [InlineData("1.5 KiB", 1_536L)]
    [InlineData("3 MB", 3_000_000L)]
    [InlineData("3 mebibytes", 3L << 20)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("16TiB", 16L << 40)]
    [InlineData("7 exabytes", 7_000_000_000_000_000_000L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("0", 0L)]
    public void Sizes_have_units(string text, long bytes)
    {
        HoconConversions.TryParseSize(text, out var size).ShouldBeTrue();

        size.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("10KB")]
    [InlineData("10kib")]
    [InlineData("0.5")]
    [InlineData("1.5B")]
    [InlineData("8EiB")]
    [InlineData("1ZB")]
    [InlineData("1YiB")]
    [InlineData("10 k B")]
    [InlineData(null)]
    public void What_is_no_size_is_not_taken_for_one(string? text) =>
        HoconConversions.TryParseSize(text, out _).ShouldBeFalse();

    [Fact]
    public void A_value_is_read_as_what_the_setting_needs()
    {
        var root = Root("t = 10s, b = on, i = \"42\", e = 1e3, d = 2.5, s = 7, l { 1 = y, 0 = x }");

        root["t"].GetString().ShouldBe("10s");
        root["t"].GetDuration().ShouldBe(TimeSpan.FromSeconds(10));
        root["b"].GetBoolean().ShouldBeTrue();
        root["i"].GetInt32().ShouldBe(42);
        root["e"].GetInt64().ShouldBe(1000);
        root["d"].GetDouble().ShouldBe(2.5);
        root["d"].GetDecimal().ShouldBe(2.5m);
        root["s"].GetString().ShouldBe("7");
        root["l"].GetList().Select(item => item.GetString()).ShouldBe(["x", "y"]);
    }

    [Fact]
    public void What_cannot_be_read_so_is_an_error_with_its_place()
    {
        var root = Root("a = x\nb = null\nc { d = 1 }\ne = 2.5\nf = 3000000000\n g = []");

        Problem(() => root["a"].GetInt32()).ShouldBe("test.conf:1:5: expected a whole number but found 'x'");
        Problem(() => root["a"].GetBoolean())
            .ShouldBe("test.conf:1:5: expected true or false (or yes, no, on, off) but found 'x'");
        Problem(() => root["a"].GetDuration())
            .ShouldBe("test.conf:1:5: expected a duration such as 500ms, 10s, 5 minutes, 1.5h or 7d"
                + " but found 'x'");
        Problem(() => root["a"].GetSize())
            .ShouldBe("test.conf:1:5: expected a size such as 512, 64KiB, 10 MB or 1GiB but found 'x'");
        Problem(() => root["b"].GetString()).ShouldBe("test.conf:2:5: expected a string but found null");
        Problem(() => root["c"].GetString()).ShouldBe("test.conf:3:3: expected a string but found an object");
        Problem(() => root["c"].GetList()).ShouldBe("test.conf:3:3: expected an array but found an object");
        Problem(() => root["e"].GetInt64())
            .ShouldBe("test.conf:4:5: expected a whole number but found '2.5'");
        Problem(() => root["f"].GetInt32())
            .ShouldBe("test.conf:5:5: expected a whole number from -2147483648 to 2147483647"
                + " but found '3000000000'");
        Problem(() => root["g"].GetDouble()).ShouldBe("test.conf:6:6: expected a number but found an array");
    }

    [Fact]
    public void A_number_must_be_written_as_one()
    {
        Should.Throw<FormatException>(() => new HoconNumber("0x10"));
        Should.Throw<FormatException>(() => new HoconNumber("NaN"));
    }

    private static string Problem(Action read) => Should.Throw<HoconException>(read).Message;
}
