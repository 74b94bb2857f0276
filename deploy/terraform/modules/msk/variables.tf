variable "prefix" {
  description = "Begins the names: <prefix>-msk-cluster, <prefix>-msk-configuration, <prefix>-msk-sg."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "vpc_id" {
  description = "The VPC of the subnets."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is a VPC's id."
  }
}

variable "subnet_ids" {
  description = "Private subnets, one a zone: two or three, as MSK wants it."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(var.subnet_ids))
    error_message = "subnet_ids are two or three subnets in different zones."
  }
}

variable "brokers_per_zone" {
  description = "Brokers in each of the subnets."
  type        = number
  default     = 1

  validation {
    condition     = var.brokers_per_zone >= 1 && var.brokers_per_zone <= 10 && floor(var.brokers_per_zone) == var.brokers_per_zone
    error_message = "brokers_per_zone is a whole number of 1 to 10."
  }
}

variable "kafka_version" {
  description = "A KRaft version as `aws kafka list-kafka-versions` prints it."
  type        = string
  default     = "3.9.x.kraft"

  validation {
    condition     = can(regex("^[3-9]\\.[0-9]+\\.(x|[0-9]+)\\.kraft$", var.kafka_version))
    error_message = "kafka_version is a KRaft version such as 3.9.x.kraft; ZooKeeper clusters are not made here."
  }
}

variable "instance_type" {
  description = "Size of a broker."
  type        = string
  default     = "kafka.m5.large"

  validation {
    condition     = can(regex("^kafka\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type is a size of standard brokers such as kafka.m5.large."
  }

  validation {
    condition     = var.allow_small_brokers || !startswith(var.instance_type, "kafka.t3.")
    error_message = "kafka.t3 brokers take few connections, and IAM authentication has failed on them (aws/aws-msk-iam-auth#28): take kafka.m5.large or larger, or set allow_small_brokers."
  }
}

variable "allow_small_brokers" {
  description = "Take a kafka.t3 size in spite of IAM authentication."
  type        = bool
  default     = false
}

variable "volume_gib" {
  description = "Storage of each broker at the start, in GiB."
  type        = number
  default     = 20

  validation {
    condition     = var.volume_gib >= 1 && var.volume_gib <= 16384
    error_message = "volume_gib is 1 to 16384."
  }
}

variable "max_volume_gib" {
  description = "Up to which storage autoscaling goes, in GiB. Storage never shrinks."
  type        = number
  default     = 100

  validation {
    condition     = var.max_volume_gib >= var.volume_gib && var.max_volume_gib <= 16384
    error_message = "max_volume_gib is at least volume_gib, and at most 16384."
  }
}

variable "retention_ms" {
  description = "How long topics keep records, in ms: 7 days."
  type        = number
  default     = 604800000

  validation {
    condition     = var.retention_ms >= 3600000
    error_message = "retention_ms is an hour or more."
  }
}

variable "kms_key_arn" {
  description = "Key for the brokers' volumes; null: the AWS managed key of MSK."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key, or null."
  }
}

variable "log_retention_days" {
  description = "Days that broker logs stay in CloudWatch; in the bucket they stay three times as long."
  type        = number
  default     = 7

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days is one of the periods that CloudWatch Logs offers, up to a year."
  }
}

variable "vpn_security_group_id" {
  description = "Security group of a VPN or bastion whose users reach the brokers; null: there is none."
  type        = string
  default     = null

  validation {
    condition     = var.vpn_security_group_id == null || can(regex("^sg-", var.vpn_security_group_id))
    error_message = "vpn_security_group_id is a security group's id, or null."
  }
}

variable "vpn_enabled" {
  description = "Let vpn_security_group_id in: said apart, for the group itself may be made in the same apply."
  type        = bool
  default     = false

  validation {
    condition     = !var.vpn_enabled || var.vpn_security_group_id != null
    error_message = "vpn_enabled needs vpn_security_group_id."
  }
}

variable "force_destroy" {
  description = "Remove the log bucket with what is in it when the cluster goes."
  type        = bool
  default     = false
}
