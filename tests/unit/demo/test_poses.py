import math

import pytest

from demo.poses import ADULT, CHILD, POSES, Build, Pose, Skeleton, joints
from demo.scenes import ACTIONS_OF, Action

PHASES = [tick / 16 for tick in range(16)]


def bodies(action: Action, build: Build = ADULT) -> list[Skeleton]:
    return [joints(build, POSES[action](phase)) for phase in PHASES]


def test_every_action_of_a_person_has_a_pose() -> None:
    assert set(POSES) == set(ACTIONS_OF["man"])


def test_a_standing_person_is_as_high_as_the_bones() -> None:
    body = joints(ADULT, Pose(far_leg=(0, 0), near_leg=(0, 0)))

    assert body.hip[1] == pytest.approx(-(ADULT.thigh + ADULT.shin + ADULT.leg_width / 2))
    assert body.head[1] == pytest.approx(body.hip[1] - ADULT.torso - ADULT.neck)


@pytest.mark.parametrize("build", [ADULT, CHILD])
def test_limbs_keep_their_length_in_every_pose(build: Build) -> None:
    for action in POSES:
        for body in bodies(action, build):
            for first, middle, last in (body.far_arm, body.near_arm):
                assert math.dist(first, middle) == pytest.approx(build.upper_arm)
                assert math.dist(middle, last) == pytest.approx(build.forearm)
            for first, middle, last in (body.far_leg, body.near_leg):
                assert math.dist(first, middle) == pytest.approx(build.thigh)
                assert math.dist(middle, last) == pytest.approx(build.shin)


def test_feet_leave_the_ground_only_to_jump_run_and_ride() -> None:
    lifted = {
        action
        for action in POSES
        if any(max(body.far_leg[2][1], body.near_leg[2][1]) < -ADULT.leg_width / 2 - 3 for body in bodies(action))
    }

    assert lifted == {"jump", "run", "ride"}


def test_a_jumper_is_in_the_air_with_both_hands_up_all_the_time() -> None:
    for body in bodies("jump"):
        assert max(body.far_leg[2][1], body.near_leg[2][1]) < -15
        assert max(body.far_hand[1], body.near_hand[1]) < body.head[1]


def test_a_waving_hand_is_as_high_as_the_head_all_the_time() -> None:
    assert all(body.far_hand[1] < body.chest[1] < body.near_hand[1] for body in bodies("wave"))


def test_a_runner_never_stands_on_both_feet() -> None:
    assert all(abs(body.far_leg[2][1] - body.near_leg[2][1]) > 5 for body in bodies("run"))


def test_a_seated_person_has_level_thighs() -> None:
    for body in bodies("sit"):
        assert body.near_leg[1][0] - body.near_leg[0][0] > 0.9 * ADULT.thigh
