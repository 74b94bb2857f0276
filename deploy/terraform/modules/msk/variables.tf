variable "prefix" {
  description = "Prefix of the names <prefix>-msk-cluster, <prefix>-msk-configuration and <prefix>-msk-sg."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "vpc_id" {
  description = "Id of the subnets' VPC."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC (vpc-…)."
  }
}

variable "subnet_ids" {
  description = "Private subnets, one in each zone. MSK requires two or three."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(var.subnet_ids))
    error_message = "subnet_ids must be two or three subnets in different zones."
  }
}

variable "brokers_per_zone" {
  description = "Number of brokers in each subnet."
  type        = number
  default     = 1

  validation {
    condition     = var.brokers_per_zone >= 1 && var.brokers_per_zone <= 10 && floor(var.brokers_per_zone) == var.brokers_per_zone
    error_message = "brokers_per_zone must be a whole number from 1 to 10."
  }
}

variable "kafka_version" {
  description = "Kafka version in KRaft mode, as `aws kafka list-kafka-versions` prints it."
  type        = string
  default     = "3.9.x.kraft"

  validation {
    condition     = can(regex("^[3-9]\\.[0-9]+\\.(x|[0-9]+)\\.kraft$", var.kafka_version))
    error_message = "kafka_version must be a KRaft version such as 3.9.x.kraft. ZooKeeper clusters are not supported."
  }
}

variable "instance_type" {
  description = "Broker size."
  type        = string
  default     = "kafka.m5.large"

  validation {
    condition     = can(regex("^kafka\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must be a standard broker size such as kafka.m5.large."
  }

  validation {
    condition     = var.allow_small_brokers || !startswith(var.instance_type, "kafka.t3.")
    error_message = "instance_type must be kafka.m5.large or larger: kafka.t3 brokers accept few connections, and IAM authentication has failed on them (aws/aws-msk-iam-auth#28). To use one all the same, set allow_small_brokers."
  }
}

variable "allow_small_brokers" {
  description = "Accept a kafka.t3 size although IAM authentication may fail on it."
  type        = bool
  default     = false
}

variable "volume_gib" {
  description = "Initial storage of each broker, in GiB."
  type        = number
  default     = 20

  validation {
    condition     = var.volume_gib >= 1 && var.volume_gib <= 16384
    error_message = "volume_gib must be from 1 to 16384."
  }
}

variable "max_volume_gib" {
  description = "Upper limit of storage autoscaling, in GiB. Storage never shrinks."
  type        = number
  default     = 100

  validation {
    condition     = var.max_volume_gib >= var.volume_gib && var.max_volume_gib <= 16384
    error_message = "max_volume_gib must be from volume_gib to 16384."
  }
}

variable "retention_ms" {
  description = "Default retention of topics, in ms. The default is 7 days."
  type        = number
  default     = 604800000

  validation {
    condition     = var.retention_ms >= 3600000
    error_message = "retention_ms must be an hour or more."
  }
}

variable "kms_key_arn" {
  description = "KMS key for the brokers' volumes; null: the AWS managed key of MSK."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, or null."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch keeps broker logs. The bucket keeps them three times as long."
  type        = number
  default     = 7

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, up to a year."
  }
}

variable "vpn_security_group_id" {
  description = "Security group of a VPN or bastion that may connect to the brokers; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.vpn_security_group_id == null || can(regex("^sg-", var.vpn_security_group_id))
    error_message = "vpn_security_group_id must be the id of a security group, or null."
  }
}

variable "vpn_enabled" {
  description = "Allow vpn_security_group_id to connect. This is a variable of its own because the group may be created in the same apply."
  type        = bool
  default     = false

  validation {
    condition     = !var.vpn_enabled || var.vpn_security_group_id != null
    error_message = "vpn_enabled requires vpn_security_group_id."
  }
}

variable "force_destroy" {
  description = "Delete the log bucket even if it contains logs."
  type        = bool
  default     = false
}
