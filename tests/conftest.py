"""How all tests are run."""

from hypothesis import HealthCheck, settings

# The same examples in every run, so that nothing fails or passes by luck, and no verdict on time:
# a busy machine is no fault. For other examples: `pytest --hypothesis-profile=fresh`.
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fresh", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")
