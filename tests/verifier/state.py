"""The state and what may be done to it (rule 12)."""

from base import require
from debate import Debate
from form import is_office
from kinds import may_be
from log import device_id
from polls import Polls


class State(Polls, Debate):
    def __init__(self, body, data):
        self.ca = data["ca"]
        self.body, self.level, self.epochs, self.log_keys = body, data["level"], [], [(0, data["log_key"])]
        self.recovery, self.codes = device_id(data["recovery"]), {}
        self.keys = {self.recovery: data["recovery"]["sign"]}
        self.devices, self.members, self.invitations, self.groups = {}, {}, {}, {}
        self.meetings, self.items, self.papers, self.polls = {}, {}, {}, {}
        self.revs, self.carry, self.erased, self.strays = set(), {0}, {}, []
        self.hands, self.positions, self.substitutions = {}, {}, {}
        self.staff, self.floors, self.conclusions, self.replies = {}, {}, {}, {}
        self.add_registrars(data["registrars"])

    def add_registrars(self, keys):
        for one in keys:
            self.device(one, None, "active", None)

    def device(self, keys, member, status, invited_by):
        name = device_id(keys)
        self.devices[name] = {"member": member, "status": status, "by": invited_by}
        self.keys[name] = keys["sign"]

    def log_key(self, size):
        return [key for since, key in self.log_keys if since <= size][-1]

    def is_registrar(self, device):
        known = self.devices.get(device)
        return known is not None and known["member"] is None and known["status"] == "active"

    def in_office(self, member):
        return member in self.members and self.members[member]["in_office"]

    def require_office(self, member):
        require(member in self.members, "member.unknown")
        require(self.in_office(member), "member.retired")

    def holds(self, member, office):
        return self.in_office(member) and office in self.members[member]["offices"]

    def require_vote(self, member):
        require(self.holds(member, "member"), "member.no_vote")

    def in_order(self):
        voters = [m for m in self.members if self.holds(m, "member")]
        return sorted(voters, key=lambda m: (self.members[m]["order"], m))

    def place(self, item):
        agenda = self.meetings[self.items[item]]["agenda"] if item in self.items else []
        return next((place for place in agenda if place["item"] == item), None)

    def require_placed(self, item):
        require(item in self.items, "item.unknown")
        require(self.place(item) is not None, "item.not_published")

    def current_revs(self, item):
        place = self.place(item)
        return place["papers"] if place else []

    def author(self, h):
        """Holder (registrar, body, code, member), member and key of who speaks (rule 13, 6)."""
        device, data = h["device"], h["data"]
        if h["kind"] == "device.enrol":
            require(data["invitation"] in self.invitations, "invitation.unknown")
            require(device == device_id(data), "device.id")
            return "member", self.invitations[data["invitation"]]["member"], data["sign"]
        if device == self.recovery:
            return "body", None, self.keys[device]
        if device in self.codes:
            require(self.in_office(self.codes[device]), "member.retired")
            return "code", self.codes[device], self.keys[device]
        require(device in self.devices, "device.unknown")
        known = self.devices[device]
        require(known["status"] == "active", "device." + known["status"])
        if known["member"] is None:
            return "registrar", None, self.keys[device]
        require(self.in_office(known["member"]), "member.retired")
        return "member", known["member"], self.keys[device]

    def decide(self, h, at):
        """Checks and effects of a kind; a check that fails comes before any effect."""
        require(h["kind"] != "body.genesis", "genesis.again")
        require(h["body"] == self.body, "body.other")
        own = h["as"] == "member" or self.holds(at.member, h["as"])
        other = "registrar" if at.holder == "registrar" else "recovery"
        require(own if at.holder == "member" else h["as"] == other, "capacity.not_held")
        require(may_be(h["as"], h["kind"], self.level), "capacity.may_not")
        getattr(self, "do_" + h["kind"].replace(".", "_"))(h, h["data"], at)
        if "payload" in h:
            self.carry.add(at.index)

    def do_body_level(self, h, data, at):
        require(data["level"] == self.level + 1, "level.not_next")
        self.level = data["level"]

    def do_registrar_change(self, h, data, at):
        added, removed = [device_id(keys) for keys in data["add"]], data["remove"]
        require(at.holder != "code", "registrar.may_not")
        require(added or removed, "registrar.nothing")
        require(len(set(removed)) == len(removed) and all(map(self.is_registrar, removed)), "registrar.unknown")
        require(len(set(added)) == len(added) and not any(one in self.keys for one in added), "device.known")
        left = sum(map(self.is_registrar, self.devices)) - len(removed) + len(added)
        require(1 <= left <= 16, "registrar.count")
        for one in removed:
            self.devices[one]["status"] = "revoked"
        self.add_registrars(data["add"])

    def do_log_key(self, h, data, at):
        require(all(key != data["key"] for _, key in self.log_keys), "log_key.again")
        self.log_keys.append((at.index + 2, data["key"]))

    def do_epoch(self, h, data, at):
        require(data["number"] == len(self.epochs) + 1, "epoch.not_next")
        self.epochs.append({"index": at.index, **data})

    def do_ca_set(self, h, data, at):
        require(data["ca"] != self.ca, "ca.again")
        self.ca = data["ca"]

    def do_member_add(self, h, data, at):
        offices = data["offices"]
        good = 1 <= len(offices) <= 8 and len(set(offices)) == len(offices) and all(map(is_office, offices))
        require(good, "member.offices")
        require(data["order"] >= 1, "member.order")
        former = self.members.get(data["member"], {"code": None, "had": False})
        self.members[data["member"]] = {**former, "offices": offices, "order": data["order"], "in_office": True}

    def do_member_retire(self, h, data, at):
        self.require_office(data["member"])
        self.members[data["member"]]["in_office"] = False

    def do_invitation_issue(self, h, data, at):
        self.require_office(data["member"])
        require(all(one["key"] != data["key"] for one in self.invitations.values()), "invitation.key_again")
        self.invitations[at.id] = {**data, "by": h["device"], "status": "open"}

    def require_open(self, invitation):
        require(invitation in self.invitations, "invitation.unknown")
        status = self.invitations[invitation]["status"]
        require(status == "open", f"invitation.{status}")

    def do_invitation_revoke(self, h, data, at):
        self.require_open(data["invitation"])
        self.invitations[data["invitation"]]["status"] = "revoked"

    def do_device_enrol(self, h, data, at):
        self.require_open(data["invitation"])
        invitation = self.invitations[data["invitation"]]
        require(at.time < invitation["expires"], "invitation.expired")
        self.require_office(invitation["member"])
        member, code = self.members[invitation["member"]], data.get("recovery")
        require(h["device"] not in self.keys, "device.known")
        if code:
            require(not member["had"] and member["code"] is None, "device.recovery_again")
            require(device_id(code) != h["device"] and device_id(code) not in self.keys, "device.known")
            member["code"] = device_id(code)
            self.codes[device_id(code)], self.keys[device_id(code)] = invitation["member"], code["sign"]
        invitation["status"] = "used"
        self.device(data, invitation["member"], "pending" if member["had"] else "active", invitation["by"])
        member["had"] = True

    def do_device_confirm(self, h, data, at):
        require(data["device"] in self.devices, "device.unknown")
        device = self.devices[data["device"]]
        require(device["status"] == "pending", "device.not_pending")
        own = at.holder in ("member", "code") and at.member == device["member"]
        second = at.holder == "registrar" and h["device"] != device["by"]
        require(own or second, "device.confirm_may_not")
        device["status"] = "active"

    def do_device_revoke(self, h, data, at):
        require(data["device"] in self.devices, "device.unknown")
        device = self.devices[data["device"]]
        require(device["status"] != "revoked", "device.revoked")
        own = at.holder == "member" and at.member == device["member"]
        require(own or at.holder == "registrar" and device["member"] is not None, "device.revoke_may_not")
        device["status"] = "revoked"

    def do_group_set(self, h, data, at):
        members = data["members"]
        require(len(set(members)) == len(members) and all(m in self.members for m in members), "group.members")
        self.groups[data["group"]] = members

    def meeting(self, name):
        return self.meetings.setdefault(name, {"version": 0, "agenda": [], "attendance": {}})

    def do_item_set(self, h, data, at):
        require(self.items.get(data["item"], data["meeting"]) == data["meeting"], "item.elsewhere")
        self.items[data["item"]] = data["meeting"]
        self.meeting(data["meeting"])

    def do_paper_publish(self, h, data, at):
        paper = self.papers.get(data["paper"], {"item": data["item"], "revs": []})
        require(data["item"] in self.items, "item.unknown")
        require(all(m in self.members for m in data["signers"]), "paper.signers")
        require(data["rev"] not in self.revs, "rev.again")
        require(paper["item"] == data["item"], "paper.elsewhere")
        self.revs.add(data["rev"])
        self.papers[data["paper"]] = {**paper, "revs": paper["revs"] + [data["rev"]], "signers": data["signers"]}

    def do_meeting_publish(self, h, data, at):
        name, agenda = data["meeting"], data["agenda"]
        last = self.meetings[name]["version"] if name in self.meetings else 0
        require(data["version"] == last + 1, "meeting.version")
        require(len({place["item"] for place in agenda}) == len(agenda), "agenda.item_again")
        for place in agenda:
            require(place["item"] in self.items, "item.unknown")
            require(self.items[place["item"]] == name, "item.elsewhere")
            seen = set()
            for one in place["papers"]:
                require(one["paper"] not in seen, "agenda.paper_again")
                seen.add(one["paper"])
                require(one["paper"] in self.papers, "paper.unknown")
                require(self.papers[one["paper"]]["item"] == place["item"], "paper.elsewhere")
                require(one["rev"] in self.papers[one["paper"]]["revs"], "rev.unknown")
        self.meeting(name).update(version=data["version"], agenda=agenda)

    def do_attendance_set(self, h, data, at):
        require(data["meeting"] in self.meetings, "meeting.unknown")
        self.require_vote(data["member"])
        self.meetings[data["meeting"]]["attendance"][data["member"]] = data["state"]

    def do_paper_sign(self, h, data, at):
        require(data["paper"] in self.papers, "paper.unknown")
        paper, old = self.papers[data["paper"]], {"paper": data["paper"], "rev": data["rev"]}
        require(at.holder == "member" and at.member in paper["signers"], "paper.not_signer")
        revs = self.current_revs(paper["item"])
        require(old in revs, "rev.not_current")
        require(data["new_rev"] not in self.revs, "rev.again")
        self.revs.add(data["new_rev"])
        paper["revs"].append(data["new_rev"])
        revs[revs.index(old)] = {"paper": data["paper"], "rev": data["new_rev"]}

    def do_payload_erase(self, h, data, at):
        require(data["entry"] in self.carry, "payload.none")
        require(data["entry"] not in self.erased, "payload.erased")
        self.erased[data["entry"]] = at.index
