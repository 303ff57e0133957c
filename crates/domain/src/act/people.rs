//! Kinds about members, devices and groups.

use crate::strict::{Int, present};
use crate::{DeviceId, DeviceKeys, GroupId, MemberId, PublicKey, Signature, StatementId};
use serde::{Deserialize, Serialize};

/// `member.add`: a person takes office; for one already in office it sets offices and order anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberAdd {
    pub member: MemberId,
    /// 1 to 8, distinct.
    pub offices: Vec<String>,
    /// Protocol order, from 1.
    pub order: Int,
}

/// `member.retire`: the person leaves office; all his devices fall silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRetire {
    pub member: MemberId,
}

/// `invitation.issue`: whoever holds the secret behind `key` may enrol one device of the member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationIssue {
    pub member: MemberId,
    pub key: PublicKey,
    /// ms since 1970, held against the enrolment's entry time.
    pub expires: Int,
}

/// `invitation.revoke`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationRevoke {
    pub invitation: StatementId,
}

/// `device.enrol`: signed by the new device itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceEnrol {
    pub invitation: StatementId,
    pub sign: PublicKey,
    pub enc: PublicKey,
    /// By the invitation's key, over the new device's keys.
    pub proof: Signature,
    /// Public halves of the personal recovery code; in the member's first enrolment only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub recovery: Option<DeviceKeys>,
}

/// `device.confirm`: a further device of a member counts from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceConfirm {
    pub device: DeviceId,
}

/// `device.revoke`: for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRevoke {
    pub device: DeviceId,
}

/// `group.set`: the whole list, replacing the former.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSet {
    pub group: GroupId,
    pub members: Vec<MemberId>,
}

/// `staff.set`, level 3: who prepares for a member; the whole list, replacing the former.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSet {
    pub member: MemberId,
    /// At most 16.
    pub staff: Vec<MemberId>,
}
